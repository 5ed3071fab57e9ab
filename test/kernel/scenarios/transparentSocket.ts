/** Shell: a transparent socket of the node takes datagrams, long enough for the lab to see it. */
export function transparentSocket(family: 4 | 6, port: number): string {
  const [domain, level, option, any] = family === 4 ? ['AF_INET', 0, 19, '0.0.0.0'] : ['AF_INET6', 41, 75, '::']
  const lines = [
    'import socket, time',
    `s = socket.socket(socket.${domain}, socket.SOCK_DGRAM)`,
    `s.setsockopt(${level}, ${option}, 1)`,
    `s.bind(("${any}", ${port}))`,
    'time.sleep(60)',
  ]
  return `timeout 60 python3 -c '${lines.join('\n')}' </dev/null >/dev/null 2>&1 &\nsleep 1`
}
