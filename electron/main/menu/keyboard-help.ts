/** Help, Keyboard. */
export const keyboardHelp = [
  ['Ctrl+R', 'Connect to Remote Session'],
  ['Ctrl+E', 'Open Executable'],
  ['F6', 'Attach to a Process'],
  ['Ctrl+D', 'Open Crash Dump'],
  ['F5', 'Go'],
  ['Ctrl+Break, Alt+Del', 'Break'],
  ['F11, F8', 'Step Into'],
  ['F10', 'Step Over'],
  ['Shift+F11', 'Step Out'],
  ['Ctrl+Shift+F5', 'Restart'],
  ['Shift+F5', 'Stop Debugging'],
  ['Alt+1', 'Command window'],
  ['Alt+2, Alt+3, Alt+4', 'Watch, Locals, Registers'],
  ['Alt+6, Alt+9', 'Call Stack, Processes and Threads'],
  ['F2, or Enter', 'In a list: change the value'],
  ['Ctrl+Tab, Ctrl+Shift+Tab', 'Next window, previous window'],
  ['Ctrl+F4', 'Close the window'],
  ['Alt+Shift and an arrow', 'Move the window'],
  ['Ctrl+F, F3', 'Find, Find Next'],
  ['Up, Down', 'Commands typed before'],
  ['Tab', 'Complete the name of a command'],
  ['Alt', 'The menus'],
  ['Enter', 'With an empty line: repeat the last command'],
] as const;

export const keyboardHelpText = keyboardHelp.map(([keys, what]) => `${keys}: ${what}`).join('\n');
