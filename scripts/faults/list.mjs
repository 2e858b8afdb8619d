/**
 * @typedef {object} Fault
 * @property {string} name   unique, by which people speak of it
 * @property {string} holds  what must hold after it
 * @property {string} file   of the test that injects it
 * @property {string} test   that test's title, as it stands in the file
 */

/** @param {string} file @param {[name: string, holds: string, test: string][]} faults @returns {Fault[]} */
const inFile = (file, faults) => faults.map(([name, holds, test]) => ({ name, holds, file, test }));

/** What is done to Hawser by tests: groups, in the order of the table. @type {[title: string, faults: Fault[]][]} */
export const groups = [
  [
    'Processes that are killed',
    [
      ...inFile('tools/process-faults.test.ts', [
        [
          'GDB killed, by what is at work',
          'everybody is told that the engine died and by which signal; the target is gone; the session goes on and `.restart` works. Idle, while the target runs, in a search of symbols, in recorded steps, in a loop of commands.',
          'at work: %s',
        ],
        ['GDB killed while it starts', 'it is told; the debugger can be left', 'while it starts'],
        [
          'GDB hangs',
          'the session can be ended all the same, and neither GDB nor the target stays behind',
          'does not keep a session from its end, nor the target',
        ],
        [
          'debugger killed, its own target',
          'no GDB and no target that it started is left',
          'leaves no GDB and no target that it started',
        ],
        [
          'debugger killed, a process attached to',
          'the process runs on',
          'lets a process go that it was attached to, which runs on',
        ],
        [
          'client killed in the middle of its command',
          'the command ends as it would have; the others see all of it',
          'in the middle of its command: the command ends as it would have, and the others see that',
        ],
      ]),
      ...inFile('tools/cdb.test.ts', [
        [
          'debugging server killed',
          'its clients say that the link is lost, not that anything else ended',
          'tells a lost link from everything else when the server is killed',
        ],
      ]),
      ...inFile('e2e/session.test.ts', [
        [
          'debugging server killed under a window',
          'the window says so in words, keeps its text, can try again or give up',
          'a server killed outright: told in words, text stays, reconnect, give up',
        ],
      ]),
      ...inFile('e2e/program.test.ts', [
        [
          'page of the window crashes',
          'it comes back to the session it had',
          'a page that crashes comes back to the session',
        ],
      ]),
      ...inFile('tools/link-faults.test.ts', [
        [
          'repeater killed',
          'the client goes on through a new one; nothing was lost',
          'is killed: its client goes on through another in its place',
        ],
      ]),
      ...inFile('tools/dbgsrv.test.ts', [
        [
          'process server killed',
          'what its clients debug runs on',
          'killed, leaves what its clients debug running all the same',
        ],
        [
          'smart client killed',
          'what it debugged is let go after the time in which it might have come back',
          'lets go what a client that vanished had, after the resume window',
        ],
      ]),
      ...inFile('engine/stub/client/client.test.ts', [
        [
          'gdbserver killed behind a process server',
          'its target is lost and no other',
          'is told when a gdbserver dies, and keeps the others',
        ],
      ]),
      ...inFile('engine/stub/server/server.test.ts', [
        [
          'gdbserver died, by its name',
          'it is told apart from a lost link',
          'names gdbserver that died, apart from its link',
        ],
      ]),
      ...inFile('engine/commands/premote.test.ts', [
        [
          'bare stub killed while all runs',
          'its run ends; the other systems are stopped',
          'that die while all runs end the run, and the others are stopped',
        ],
      ]),
      ...inFile('engine/gdb/run.test.ts', [
        [
          'target killed from outside',
          'it is told as an end by SIGKILL',
          'a target killed from outside has died of SIGKILL',
        ],
      ]),
      ...inFile('tools/kdsrv.test.ts', [
        [
          'target, KD connection server and host killed in turn',
          'each is met again, breakpoints and all',
          'three machines: target and kdsrv, host, and a person elsewhere; each killed in turn',
        ],
      ]),
      ...inFile('engine/kernel/wire/lost.test.ts', [
        [
          'kernel debugger killed',
          'no breakpoint of its stays in the kernel',
          'a debugger that ends without a word leaves no breakpoints behind a serial line',
        ],
      ]),
      ...inFile('transports/com/processes.test.ts', [
        [
          'holder of a serial port killed',
          'the other programs at the port go on, down to the last',
          'goes on in the others when the one that holds it is killed, down to the last',
        ],
      ]),
      ...inFile('tools/query-servers.test.ts', [
        [
          'directory killed',
          'another process serves it; who else was there is told',
          'goes on when the process that serves the directory is killed, and tells who else was',
        ],
        [
          'listed server stopped',
          'it is marked as not reacting',
          'marks a server whose process does not react',
        ],
      ]),
      ...inFile('tools/hub.test.ts', [
        [
          'hub killed while a session streams',
          'host and clients end with the bytes that the agent sent',
          'killed and started again while it streams: host and clients end with the same bytes as the agent sent',
        ],
      ]),
      ...inFile('tools/hub/hosting.test.ts', [
        ['hosted debugger killed', 'the session ends, and says by what', 'when its debugger is killed'],
      ]),
      ...inFile('tools/hub/agents.test.ts', [
        [
          'program that started an agent killed',
          'the agent and its session go on',
          'outlives the program that started it, however that ends',
        ],
      ]),
      ...inFile('hub/store/level/crash.test.ts', [
        [
          'hub killed while it writes its store',
          'what was confirmed is there, nothing in halves',
          'loses nothing that was confirmed, and has nothing in halves, however often it is killed while it writes',
        ],
      ]),
      ...inFile('tools/hub/cluster.test.ts', [
        [
          'NATS servers and hubs killed',
          'every client ends with the same bytes as the host',
          // biome-ignore lint/suspicious/noTemplateCurlyInString: as the title stands in the file
          '${SESSIONS} sessions stream while NATS servers and hubs are killed: every client ends with the same bytes as the host',
        ],
      ]),
    ],
  ],
  [
    'Links that are cut, half open or slow',
    [
      ...inFile('tools/network-faults.test.ts', [
        [
          'cable unplugged for longer than a silent peer lives',
          'both ends notice, the client resumes, nothing is lost',
          // biome-ignore lint/suspicious/noTemplateCurlyInString: as the title stands in the file
          'is unplugged for ${CUT_SECONDS} s in the middle of output, and nothing is lost',
        ],
        [
          'one direction of a link dropped',
          'both ends notice, the client resumes, nothing is lost',
          'lets nothing through in one direction: both ends notice, and nothing is lost',
        ],
        [
          'firewall that lets nobody in',
          'it is told; a server that calls its client passes it',
          'is passed by a server that calls its client',
        ],
        [
          'name server that does not answer',
          'one can give up at once; else it ends with a reason',
          'that does not answer: given up at once by Ctrl+C, and told when it is waited for',
        ],
      ]),
      ...inFile('engine/client/resumer.test.ts', [
        [
          'link cut again and again in the middle of output',
          'no event is lost, none comes twice',
          'loses no event and gives none twice, however often it is cut in the middle of output',
        ],
        [
          'link cut again while it is resumed',
          'it is tried on',
          'is cut again while it comes back, before the server has said a word: it is tried on',
        ],
        [
          'command in flight when the link is cut',
          'it runs once and its answer comes',
          'runs a command in flight once, and gives its answer',
        ],
        [
          'link of 200 ms, one piece in a hundred late',
          'all comes, in order',
          'is slow and bad: 200 ms there and back, one piece in a hundred sent again',
        ],
      ]),
      ...inFile('transports/frames/framed.test.ts', [
        [
          'half-open link',
          'the silent peer counts as dead after its time',
          'answers a ping, and finds a dead peer by its silence',
        ],
        [
          'reader that stands still',
          'what is held for it is bounded',
          'bounds what a stalled reader holds up, and resumes',
        ],
      ]),
      ...inFile('tools/cdb.test.ts', [
        ['client that stops reading', 'the others are not held up', 'is held up by nobody who stops reading'],
        [
          'nobody reads the output any more',
          'the debugger ends in good order',
          'ends in good order when nobody reads its output any more',
        ],
      ]),
      ...inFile('engine/stub/client/client.test.ts', [
        [
          'link to a process server cut in the middle of memory',
          'GDB gets all bytes, only later',
          'costs GDB a delay and nothing else, wherever it is cut in the middle of memory',
        ],
        [
          'link half open, the server has not noticed',
          'the new connection takes its place',
          'is made anew although the server has not noticed',
        ],
      ]),
      ...inFile('e2e/stub-links.test.ts', [
        [
          'link to a process server cut under a window',
          'the same session goes on when it is mended',
          'cut and mended: the same session goes on; the title and the status bar name the machine',
        ],
      ]),
      ...inFile('transports/reverse.test.ts', [
        [
          'call of a server broken',
          'it calls again, and says so',
          'calls again when the call broke, and says so; no more when closed',
        ],
      ]),
      ...inFile('tools/soak.test.ts', [
        [
          'hundred clients that stall, leave and lose their links',
          'every client has the same bytes; no file handle is left',
          'gives all of them the same bytes while they join, leave, stall and lose their links, and keeps no file handle',
        ],
      ]),
    ],
  ],
  [
    'Serial lines',
    [
      ...inFile('transports/com/line.test.ts', [
        [
          'noise on a line: one byte in 1,000',
          'every byte once and in order',
          'brings every byte once and in order, both ways, with 1 in 1,000 damaged (seed %i)',
        ],
        ['line that stalls', 'it carries on', 'carries on after stalls'],
        [
          'port pulled out',
          'it goes on where it was when it is back',
          'goes on where it was when it is back (end %i)',
        ],
        [
          'garbage, as from another rate',
          'both rate and channel are named',
          'names them when garbage comes, as from another rate',
        ],
        [
          'port or channel taken, or none',
          'each has its own words',
          'tells a channel that is taken, a port that is not there, is no port, is another program’s',
        ],
      ]),
    ],
  ],
  [
    'Resources that run out',
    [
      ...inFile('tools/process-faults.test.ts', [
        [
          'no memory left in GDB',
          'the command ends with an error, or GDB with a reason; the session goes on',
          'ends what it is at with an error or ends itself, and the session goes on',
        ],
        [
          'no file handles left in a server',
          'newcomers are turned away, those who are there go on; with handles again all is as before',
          'turns newcomers away, keeps those who are there, and takes newcomers again when it can',
        ],
      ]),
      ...inFile('engine/log/event-log.test.ts', [
        [
          'disk full under the event log',
          'the oldest goes, how much is said; memory stays bounded',
          'for the disk is full (needs root for a small file system): the oldest goes, and how much is said',
        ],
        [
          'folder of the event log cleared away',
          'what is gone is said',
          'for its folder has been cleared away',
        ],
      ]),
      ...inFile('engine/commands/settings.test.ts', [
        [
          'disk full under a log file',
          'the log is closed, which is said once; the session goes on',
          'is closed, which is said once, and the session goes on',
        ],
      ]),
      ...inFile('engine/images/image-store.test.ts', [
        [
          'disk full while an image is fetched',
          'an error of its own; the disk has room again',
          'is an error of its own when it comes as a surprise, and leaves room behind',
        ],
      ]),
      ...inFile('tools/hub/agents.test.ts', [
        [
          'agent’s store full, the hub away',
          'the debugger waits and goes on where it was',
          'makes the debugger wait when more waits than may, and goes on where it was',
        ],
      ]),
      ...inFile('transports/tcp.test.ts', [
        [
          'ports taken',
          'the next of the range, or it is said that there is none',
          'takes the first free port of a range, and says when there is none',
        ],
      ]),
      ...inFile('transports/directory/directory.test.ts', [
        [
          'port of the directory taken',
          'servers start all the same',
          'keeps no server from starting where another program has the port',
        ],
      ]),
      ...inFile('engine/client/resumer.test.ts', [
        [
          'clock set by days while a link is lost',
          'the client comes back as who it was',
          'and comes back while the clock is set, ahead and back by days',
        ],
      ]),
    ],
  ],
  [
    'Peers and targets that misbehave',
    [
      ...inFile('transports/frames/decoder.test.ts', [
        [
          'frame that is too large',
          'refused before its payload comes',
          'refuses what is over the cap before its payload comes',
        ],
        ['frames cut anywhere', 'they come out whole', 'gives back any frames, however the stream cuts them'],
      ]),
      ...inFile('transports/channels/channels.test.ts', [
        [
          'peer that sends beyond its window',
          'its connection is ended with the reason',
          'break the connection of a peer that sends beyond the window, and of one that names a number nobody opened',
        ],
      ]),
      ...inFile('transports/hello/hello.test.ts', [
        [
          'peer that says nothing, or too little',
          'it is dropped in time',
          'drops who says nothing, or too little, in time',
        ],
        ['any bytes in place of a hello', 'the server lives on', 'survives any bytes'],
      ]),
      ...inFile('transports/tls.test.ts', [
        [
          'half handshakes, garbage and resets in TLS',
          'the next is served',
          'survives garbage, half handshakes and resets, and serves the next',
        ],
      ]),
      ...inFile('engine/gdb/mi/parser.test.ts', [
        [
          'broken records of GDB',
          'parsed or refused, never a hang',
          'with something broken in them are parsed or refused',
        ],
      ]),
      ...inFile('engine/stub/rsp/packets.test.ts', [
        ['garbage in place of a stub’s packets', 'no reader hangs', 'never end a reader on garbage'],
      ]),
      ...inFile('tools/lying-stub.test.ts', [
        [
          'stub that lies, in nine ways',
          'the debugger comes to its end by itself, and says what is wrong or shows what it was told',
          'with %s: it is told or believed, and the debugger is there to the end',
        ],
      ]),
      ...inFile('engine/images/elf-file.test.ts', [
        [
          'image that is cut short',
          'it is noticed wherever it was cut',
          'notices what is missing at its end, wherever it was cut',
        ],
        ['image that is damaged', 'no harm comes of it', 'takes any damage without harm'],
      ]),
      ...inFile('engine/images/symbol-server.test.ts', [
        [
          'symbol server that falls silent',
          'it is given up in its time',
          'that falls silent is given up after DEBUGINFOD_TIMEOUT, before its answer and within',
        ],
      ]),
      ...inFile('engine/session/session.test.ts', [
        [
          'target that floods',
          'all of it arrives; memory is bounded',
          'delivers a flood of the target’s output whole, with memory bounded',
        ],
      ]),
      ...inFile('tools/process-faults.test.ts', [
        [
          'target that forks and floods',
          'no line of any child is lost; the session goes on',
          'loses no line of any child, is debugged on, and others of the session are served',
        ],
      ]),
    ],
  ],
];

/** @type {Fault[]} */
export const faults = groups.flatMap(([, each]) => each);
