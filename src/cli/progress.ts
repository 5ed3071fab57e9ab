/** Commands are counted in steps of this many, so that a slow terminal is no brake. */
const STEP = 5

/** One line a node on standard error, rewritten as it goes; silent where that is no terminal. */
export function showProgress(stream: NodeJS.WriteStream): (host: string, done: number, total: number) => void {
  const lines: string[] = []
  if (!stream.isTTY) return () => undefined
  return (host, done, total) => {
    if (done % STEP !== 0 && done !== total) return
    if (!lines.includes(host)) {
      lines.push(host)
      stream.write('\n')
    }
    const up = lines.length - lines.indexOf(host)
    // up, back, clear the line; down again
    stream.write(`\u001b[${up}A\r\u001b[Kcapturing ${host}  ${done} of ${total}\u001b[${up}B\r`)
  }
}
