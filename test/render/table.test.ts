import {renderTable, renderTsv} from '../../src/render/index.js'
import {colourStyle, plainStyle} from '../../src/render/text/style.js'
import {displayWidth} from '../../src/render/text/displayWidth.js'

const table = {
  head: ['name', 'empty', 'text', 'line'],
  rows: [
    [
      'a',
      '',
      '-A KUBE-SERVICES -d 10.100.0.1/32 -p tcp -m comment --comment "default/kubernetes:https cluster IP" -j X',
      'iptables-save.txt:50',
    ],
    ['日本', '', 'x\u001b[31my', 'b.txt:1'],
  ],
}

describe('renderTable', () => {
  it('wraps the widest column at options and leaves file:line whole', async () => {
    expect(await renderTable({width: 60, style: plainStyle}, table)).toBe(
      [
        'name  text                       line',
        'a     -A KUBE-SERVICES           iptables-save.txt:50',
        '      -d 10.100.0.1/32 -p tcp',
        '      -m comment --comment',
        '      "default/kubernetes:https',
        '      cluster IP" -j X',
        '日本  x\\u{1b}[31my               b.txt:1',
        '',
      ].join('\n'),
    )
  })

  it.each([50, 80, 120, 200])('fits %i columns, coloured or not', async width => {
    for (const style of [plainStyle, colourStyle]) {
      for (const line of (await renderTable({width, style}, table)).split('\n'))
        expect(displayWidth(line)).toBeLessThanOrEqual(width)
    }
  })

  it('shows the head of an empty table', async () => {
    expect(await renderTable({width: 80, style: plainStyle}, {head: ['a', 'b'], rows: []})).toBe('a  b\n')
  })
})

describe('renderTsv', () => {
  it('is a line a row, whatever the cells hold', () => {
    expect(renderTsv({head: ['a', 'b'], rows: [['x\ty', 'p\nq']]})).toBe('a\tb\nx y\tp\\u{a}q\n')
  })
})
