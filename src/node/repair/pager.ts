import type {Repair} from './repair.js'

/** `--More--`, `--More--(37%)` with what erases it from a screen: backspaces, carriage returns, escape sequences. */
// eslint-disable-next-line no-control-regex -- they are what is looked for
const MORE = /--More--(?:\(\d+%\))?(?:[\b\r ]|\u001b(?:\[[\d;]*[A-Za-z]|[78]))*/g

/** The last screen of `less`. */
const END = /^\(END\)\s*$/gm

export const pager: Repair = {
  name: 'the prompts of a pager',
  apply: text => (/--More--|^\(END\)/m.test(text) ? text.replace(MORE, '').replace(END, '') : text),
}
