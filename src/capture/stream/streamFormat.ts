/**
 * What the capture script prints: documents in one text, each between lines that begin with a mark.
 *
 *     #### ekspath-capture/1 4711-1795161600 begin 0 2026-11-20T20:00:00Z ip-10-0-1-10
 *     #### ekspath-capture/1 4711-1795161600 document ip-rule.txt
 *     #### ekspath-capture/1 4711-1795161600 command ip rule show
 *     0:	from all lookup local
 *     …
 *     (one more line end, since output may lack its last)
 *     #### ekspath-capture/1 4711-1795161600 stderr a line of stderr
 *     #### ekspath-capture/1 4711-1795161600 exit 0 1
 *     …
 *     #### ekspath-capture/1 4711-1795161600 end
 *
 * The word behind the schema (process id and time) tells the marks of this run from any that stand in the output.
 * `begin` has the user id, the time and the host's name; `exit` the exit code and the seconds it took.
 */
export const STREAM_SCHEMA = 'ekspath-capture/1'

export const STREAM_MARK = `#### ${STREAM_SCHEMA}`
