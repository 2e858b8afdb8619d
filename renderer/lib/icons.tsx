import type { ReactNode } from 'react';

/** 16 by 16, drawn in the colour of the text around them; words always stand beside them. */
const shapes = {
  go: <path d="M4 2.5v11l9-5.5z" fill="currentColor" />,
  break: <path d="M3.5 2.5h3v11h-3zM9.5 2.5h3v11h-3z" fill="currentColor" />,
  stepInto: <path d="M8 1.5v7M5 6l3 3 3-3M8 12.6h.01" />,
  stepOver: <path d="M2 8.5a6 5 0 0 1 11-1.5M13.5 3v4.3H9.2M8 12.6h.01" />,
  stepOut: <path d="M8 9.5v-7M5 5l3-3 3 3M8 12.6h.01" />,
  restart: <path d="M13 8a5 5 0 1 1-1.6-3.7M11.8 1.5v3h-3" />,
  stopDebugging: <rect x="3" y="3" width="10" height="10" rx="1" fill="currentColor" />,
  connect: (
    <path d="M6.5 9.5l3-3M5 7.5L3.4 9.1a2.5 2.5 0 0 0 3.5 3.5L8.5 11M11 8.5l1.6-1.6a2.5 2.5 0 0 0-3.5-3.5L7.5 5" />
  ),
  file: <path d="M4 1.5h5l3 3v10H4zM9 1.5v3h3" />,
  core: (
    <path d="M8 1.5c3.3 0 5 .9 5 2s-1.7 2-5 2-5-.9-5-2 1.7-2 5-2zM3 3.5v9c0 1.1 1.7 2 5 2s5-.9 5-2v-9M3 8c0 1.1 1.7 2 5 2s5-.9 5-2" />
  ),
  process: (
    <path d="M4.5 4.5h7v7h-7zM6.5 1.5v3M9.5 1.5v3M6.5 11.5v3M9.5 11.5v3M1.5 6.5h3M1.5 9.5h3M11.5 6.5h3M11.5 9.5h3" />
  ),
  error: <path d="M8 1.5a6.5 6.5 0 1 0 0 13 6.5 6.5 0 0 0 0-13zM8 4.5v4M8 11.2h.01" />,
  warning: <path d="M8 2l6.5 11.5h-13zM8 6v3.5M8 11.5h.01" />,
  info: <path d="M8 1.5a6.5 6.5 0 1 0 0 13 6.5 6.5 0 0 0 0-13zM8 7.3v4M8 4.8h.01" />,
  down: <path d="M8 3v9M4 8.5l4 4 4-4" />,
  up: <path d="M8 13V4M4 7.5l4-4 4 4" />,
  close: <path d="M3.5 3.5l9 9M12.5 3.5l-9 9" />,
  find: <path d="M7 2.5a4.5 4.5 0 1 0 0 9 4.5 4.5 0 0 0 0-9zM10.5 10.5l3.5 3.5" />,
  copy: <path d="M5.5 5.5h8v8h-8zM10.5 5.5v-3h-8v8h3" />,
  clear: <path d="M3 4.5h10M6.5 4.5v-2h3v2M4.5 4.5l.6 9h5.8l.6-9" />,
  keyboard: <path d="M1.5 4h13v8h-13zM4 6.7h.01M6.7 6.7h.01M9.3 6.7h.01M12 6.7h.01M5 9.5h6" />,
  options: <path d="M2 4.5h7M13 4.5h1M2 11.5h1M7 11.5h7M11 2.5v4M5 9.5v4" />,
  machine: <path d="M2.5 2.5h11v4.5h-11zM2.5 9h11v4.5h-11zM5 4.8h.01M5 11.3h.01M8 4.8h3M8 11.3h3" />,
  twist: <path d="M6 4l4 4-4 4" />,
  plus: <path d="M8 3v10M3 8h10" />,
  sortUp: <path d="M4 10l4-4 4 4" />,
  sortDown: <path d="M4 6l4 4 4-4" />,
  folder: <path d="M1.5 3.5h4.5l1.5 2h7v7.5h-13z" />,
  home: <path d="M2 8l6-5.5L14 8M4 7v6.5h8V7" />,
  people: (
    <path d="M6 2.5a2.5 2.5 0 1 0 0 5 2.5 2.5 0 0 0 0-5zM1.5 13.5c0-2.5 2-4 4.5-4s4.5 1.5 4.5 4M11 3a2.3 2.3 0 0 1 0 4.3M12.3 9.8c1.4.6 2.2 1.9 2.2 3.7" />
  ),
  eye: (
    <path d="M1.5 8c1.6-2.7 3.8-4 6.5-4s4.9 1.3 6.5 4c-1.6 2.7-3.8 4-6.5 4s-4.9-1.3-6.5-4zM8 6.2a1.8 1.8 0 1 0 0 3.6 1.8 1.8 0 0 0 0-3.6z" />
  ),
  share: <path d="M8 10V2M5 4.8L8 1.8l3 3M3.5 8v6h9V8" />,
} as const;

export type IconName = keyof typeof shapes;

export function Icon({ name, className = '' }: { name: IconName; className?: string }): ReactNode {
  return (
    <svg
      className={`icon ${className}`}
      viewBox="0 0 16 16"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.5"
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden="true"
    >
      {shapes[name]}
    </svg>
  );
}

/** A mooring line around a bollard. */
export function Logo(): ReactNode {
  return (
    <svg viewBox="0 0 64 64" aria-hidden="true" fill="none">
      <rect x="2" y="2" width="60" height="60" rx="14" fill="var(--accent)" />
      <g stroke="var(--accent-fg)" strokeWidth="4.5" strokeLinecap="round" strokeLinejoin="round">
        <path d="M23 14v36M41 14v36" />
        <path d="M10 40c8 0 9-8 16-8h12c7 0 8-8 16-8" />
      </g>
    </svg>
  );
}
