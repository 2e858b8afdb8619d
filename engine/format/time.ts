const DAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

const two = (value: number): string => String(value).padStart(2, '0');

function clock(date: Date): string {
  return `${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`;
}

function day(date: Date): string {
  return `${DAYS[date.getDay()]} ${MONTHS[date.getMonth()]} ${String(date.getDate()).padStart(2)}`;
}

/** `Wed May 15 10:22:07 2024`. */
export function shortDate(date: Date): string {
  return `${day(date)} ${clock(date)} ${date.getFullYear()}`;
}

/** `Tue Mar  5 10:12:44.310 2024 (UTC + 1:00)`. */
export function longDate(date: Date): string {
  const minutes = -date.getTimezoneOffset();
  const ahead = Math.abs(minutes);
  const zone = `UTC ${minutes < 0 ? '-' : '+'} ${Math.floor(ahead / 60)}:${two(ahead % 60)}`;
  const milliseconds = String(date.getMilliseconds()).padStart(3, '0');
  return `${day(date)} ${clock(date)}.${milliseconds} ${date.getFullYear()} (${zone})`;
}
