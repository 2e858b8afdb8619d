/** As `hawser windbg` hands its command line over to the program. */
export const handOver = (request: object) => ({
  HAWSER_ARGV: JSON.stringify({
    remote: null,
    server: null,
    target: null,
    start: {
      ignoreInitialBreak: false,
      ignoreFinalBreak: false,
      symbolPath: [],
      sourcePath: [],
      commands: '',
      detachAtEnd: false,
      breakOnConnect: false,
    },
    historyCommands: null,
    resumeWindow: null,
    ...request,
  }),
});
