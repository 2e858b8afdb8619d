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

/** `Tue Mar  5 10:12:44.310 2024 (UTC + 1:00)`; so many hours from UTC instead of in the local zone. */
export function longDate(date: Date, hours?: number): string {
  const minutes = hours === undefined ? -date.getTimezoneOffset() : hours * 60;
  // As the local time of a zone that is so far ahead.
  const there = new Date(date.getTime() + (minutes + date.getTimezoneOffset()) * 60_000);
  const ahead = Math.abs(minutes);
  const zone = `UTC ${minutes < 0 ? '-' : '+'} ${Math.floor(ahead / 60)}:${two(ahead % 60)}`;
  const milliseconds = String(date.getMilliseconds()).padStart(3, '0');
  return `${day(there)} ${clock(there)}.${milliseconds} ${there.getFullYear()} (${zone})`;
}
