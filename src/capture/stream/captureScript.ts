import {CAPTURE_COMMANDS, type CaptureCommand} from '../commands/captureCommands.js'
import {quote} from './quote.js'
import {STREAM_MARK} from './streamFormat.js'

/**
 * A POSIX sh script (dash, bash, busybox ash) that runs the commands one by one and prints all their output as one text
 * (see streamFormat.ts). It writes no file. Where there is no `timeout`, a command that hangs holds up the rest.
 */
export function captureScript(commands: readonly CaptureCommand[] = CAPTURE_COMMANDS): string {
  return `#!/bin/sh
# Captures the network state of an EKS node with read-only commands and prints it as one text.
# It changes nothing, writes no file and asks no question. Run it as root where possible:
#
#   on the node          sudo sh capture.sh > node.txt
#   kubectl debug        kubectl debug node/NAME -i --image=busybox --profile=sysadmin -- chroot /host sh -s < capture.sh > node.txt
#   ssh                  ssh NODE sudo sh -s < capture.sh > node.txt
#
# and read it with:     ekspath explain --from node.txt --src … --dst …
LC_ALL=C
PATH=$PATH:/usr/local/sbin:/usr/sbin:/sbin
export LC_ALL PATH
mark="${STREAM_MARK} $$-$(date +%s)"
uid=$(id -u)
sudo=
[ "$uid" = 0 ] || ! command -v sudo >/dev/null 2>&1 || sudo='sudo -n '
limit=
! command -v timeout >/dev/null 2>&1 || ! timeout 5 true 2>/dev/null || limit=timeout
exec 3>&1

# run DOCUMENT SECONDS MAX-BYTES COMMAND; MAX-BYTES 0: no limit
run() {
  begun=$(date +%s)
  printf '%s document %s\\n%s command %s\\n' "$mark" "$1" "$mark" "$4"
  said=$({
    if [ "$3" -gt 0 ]; then
      { \${limit:+timeout "$2"} sh -c "$4" 3>&-; printf '\\nexit %s' "$?" >&2; } | head -c "$3"
    else
      \${limit:+timeout "$2"} sh -c "$4" 3>&-
      printf '\\nexit %s' "$?" >&2
    fi
  } 2>&1 >&3 </dev/null)
  code=\${said##*exit }
  said=\${said%exit *}
  printf '\\n'
  printf '%s' "$said" | while IFS= read -r line; do
    [ -z "$line" ] || printf '%s stderr %s\\n' "$mark" "$line"
  done
  printf '%s exit %s %s\\n' "$mark" "$code" "$(($(date +%s) - begun))"
}

printf '%s begin %s %s %s\\n' "$mark" "$uid" "$(date -u +%Y-%m-%dT%H:%M:%SZ)" "$(uname -n)"
${commands.map(runLine).join('\n')}
printf '%s end\\n' "$mark"
`
}

function runLine({document, seconds, maxBytes, command, root}: CaptureCommand): string {
  const shell = root ? `"$sudo"${quote(command)}` : quote(command)
  return `run ${quote(document)} ${seconds} ${maxBytes ?? 0} ${shell}`
}
