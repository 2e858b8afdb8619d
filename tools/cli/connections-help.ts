/** `hawser help connections`: every form of a connection string, and what Hawser adds to WinDbg's. */
export const connectionsHelp = `Connection strings: how servers listen and clients reach them

  a debugging server shares a session     -server, .server        reached by -remote
  a process server shares its machine     hawser dbgsrv -t        reached by -premote, .attach -premote, .create -premote
  a KD connection server lends wires      hawser kdsrv -t         reached by -k kdsrv:…
  a bare stub shares what GDB's remote    gdbserver, lldb-server, reached by -premote gdb:…
  protocol can                            QEMU, valgrind, …

At the server:
  tcp:port=PORT[,hidden][,password=…][,ipversion=6][,IcfEnable]
  tcp:port=PORT,clicon=CLIENT[,password=…][,ipversion=6]
  npipe:pipe=NAME[,hidden][,password=…][,IcfEnable]
  com:port=COMPORT,baud=RATE,channel=0…254[,hidden][,password=…]
  ssl:proto=PROTOCOL,{certuser=CERT|machuser=CERT},port=PORT[,hidden][,password=…]
  ssl:proto=PROTOCOL,{certuser=CERT|machuser=CERT},port=PORT,clicon=CLIENT[,password=…]
  spipe:proto=PROTOCOL,{certuser=CERT|machuser=CERT},pipe=NAME[,hidden][,password=…]

At the client:
  tcp:server=HOST,port=PORT[,password=…][,ipversion=6]
  tcp:clicon=SERVER,port=PORT[,password=…][,ipversion=6]
  npipe:server=HOST,pipe=NAME[,password=…]
  com:port=COMPORT,baud=RATE,channel=0…254[,password=…]
  ssl:proto=PROTOCOL,{certuser=CERT|machuser=CERT},server=HOST,port=PORT[,password=…]
  ssl:proto=PROTOCOL,{certuser=CERT|machuser=CERT},clicon=SERVER,port=PORT[,password=…]
  spipe:proto=PROTOCOL,{certuser=CERT|machuser=CERT},server=HOST,pipe=NAME[,password=…]

At the client, for a bare stub:
  gdb:server=HOST,port=PORT[,threadEvents=true|false]
  gdb:port=/dev/ttyUSB0,baud=RATE

For a kernel, after -k (hawser help kd):
  gdb:server=HOST,port=PORT
  com:port=/dev/ttyUSB0,baud=RATE
  com:pipe,port=PATH[,resets=0][,reconnect]
  kdsrv:server=@{CONNECTION},trans=@{one of the above}

port=5000:5010   the first free port of a range; where the client is called (clicon=), only the client may give one
pipe=Main%x      %x or %d: the number of the process, a second one that of its thread
clicon=          the server calls the client, for when a firewall lets nothing in to the server; at both ends or at neither,
                 either may start first
proto=           tls1 (the best of TLS 1.3 and 1.2), tls1.2 or tls1.3; certuser= and machuser= name the certificate that both
                 ends have, by subject or thumbprint, of the user's or the machine's store (hawser help certs)
password=        1 to 128 printable characters (WinDbg: 12 letters and digits), in double quotes with commas or blanks;
                 * is asked for. On a command line others can read it: use -passwordfile or HAWSER_PASSWORD
hidden           not listed for others; IcfEnable is accepted, and changes no firewall

Hawser's own, unknown to WinDbg: bind=ADDRESS (a server listens on this address alone, as in bind=127.0.0.1), port=0 (any free
port), port=/dev/ttyUSB0 (a serial port by its path), role=viewer (a server whose clients see everything and run nothing),
gdb: over a serial line, quoted values, IPv6 literals. What each way protects against: docs/security.md.
`;
