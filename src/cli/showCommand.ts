import {Flags} from '@oclif/core'
import type {EksNode} from '../eks/index.js'
import type {Page, Table} from '../render/index.js'
import {BaseCommand, type OutputFlags} from './baseCommand.js'
import {loadSource} from './loadSource.js'
import {sourceFlags, type SourceFlagValues} from './sourceFlags.js'

/** More rows than this are printed as lines: laying out a table takes time that grows with the square of its rows. */
const MOST_TABLE_ROWS = 1000

/** A report of rows, and the table that shows them. */
export interface Shown {
  readonly schema: string
  readonly rows: readonly object[]
  readonly table: Table
  /** In place of the table, where people read something better. */
  readonly screen?: (page: Page, report: object) => string
}

/** `ekspath show …`: a part of the typed model, every row with the line it was read from. */
export abstract class ShowCommand extends BaseCommand {
  static override baseFlags = {
    ...BaseCommand.baseFlags,
    ...sourceFlags,
    format: Flags.string({
      summary: 'a table for people, or tab-separated lines; a terminal gets the table',
      options: ['table', 'tsv', 'json'],
      helpGroup: 'OUTPUT',
    }),
  }

  protected async show(
    flags: OutputFlags & SourceFlagValues & {readonly format?: string | undefined},
    pick: (eks: EksNode) => Shown | Promise<Shown>,
  ): Promise<void> {
    const node = await loadSource(flags)
    const {identify} = await import('../eks/index.js')
    const eks = identify(node)
    const {schema, rows, table, screen} = await pick(eks)
    const {describeCapture, describeNode, listDiagnostics} = await import('../explain/index.js')
    const {renderTable, renderTsv} = await import('../render/index.js')
    const report = {
      schema,
      node: describeNode(eks),
      capture: describeCapture(node),
      rows,
      diagnostics: listDiagnostics(node),
    }
    const asTable =
      (flags.format ??
        (this.standardOutput().terminal.isTTY === true && flags.output === undefined ? 'table' : 'tsv')) === 'table'
    await this.print({...flags, json: flags.json || flags.format === 'json'}, report, page =>
      asTable && screen !== undefined
        ? screen(page, report)
        : asTable && rows.length <= MOST_TABLE_ROWS
          ? renderTable(page, table)
          : renderTsv(table),
    )
  }
}
