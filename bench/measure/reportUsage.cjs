'use strict'
// `node -r reportUsage.cjs …`: writes what the process used, as it ends, to the file that EKSPATH_BENCH_USAGE names.
const {readFileSync, writeFileSync} = require('node:fs')

process.on('exit', () => {
  const {user, system} = process.cpuUsage()
  // not getrusage(): its maximum includes what the parent held before exec
  const peak = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync('/proc/self/status', 'latin1'))
  const usage = {cpuMs: (user + system) / 1000, peakMB: peak === null ? NaN : Number(peak[1]) / 1024}
  writeFileSync(process.env.EKSPATH_BENCH_USAGE, JSON.stringify(usage))
})
