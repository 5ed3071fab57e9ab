/** `process.stdout`, whose reader may leave when it has what it wanted: `| head -1`. A write of which somebody waits for the end still fails. */
export function standardStream(): NodeJS.WriteStream {
  if (!process.stdout.listeners('error').includes(ignoreGoneReader)) process.stdout.on('error', ignoreGoneReader)
  return process.stdout
}

function ignoreGoneReader(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EPIPE') throw error
}
