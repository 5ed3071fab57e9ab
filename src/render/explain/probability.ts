/** kube-proxy rounds 1/n to 5 or 11 digits, and the kernel keeps 31 bits of it. */
const NEARLY = 2e-5
const EXACTLY = 1e-9
const MOST_ENDPOINTS = 10_000

/**
 * `1 of 2, 50 %`; `about 1 of 3, 33.333 %` where rounding in the rules makes it a little more or less; `28.125 %` where it is no such part.
 * @returns null for certainty, or where no probability can be given
 */
export function describeProbability(probability: number | null): string | null {
  if (probability === null || probability === 1) return null
  const parts = Math.round(1 / probability)
  const error = Math.abs(probability - 1 / parts) * parts
  const percent = formatPercent(probability)
  if (parts < 2 || parts > MOST_ENDPOINTS || error > NEARLY) return percent
  return `${error > EXACTLY ? 'about ' : ''}1 of ${parts}, ${percent}`
}

/** Up to five significant digits, never 0 % or 100 % for what is neither. */
function formatPercent(probability: number): string {
  const percent = probability * 100
  const text = String(Number(percent.toPrecision(5)))
  if (text === '100') return 'nearly 100 %'
  return `${text.includes('e') ? percent.toFixed(10) : text} %`
}
