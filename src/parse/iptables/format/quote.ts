/** A word as iptables-save prints it: quoted unless it is plain, with `"`, `\` and `'` escaped (xtables_save_string). */
export function quote(text: string): string {
  return /^[A-Za-z0-9_-]+$/.test(text) ? text : `"${text.replace(/["\\']/g, '\\$&')}"`
}
