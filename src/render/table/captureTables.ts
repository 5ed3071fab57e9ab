import type {CaptureCommandsReport, CaptureReport} from '../../model/index.js'
import type {Table} from './renderTable.js'

export function captureTable({nodes}: CaptureReport): Table {
  return {
    head: ['node', 'written to', 'failed commands', 'error', 'documents'],
    rows: nodes.map(({host, documents, failed, error, file}) => [
      host ?? 'this node',
      file ?? '',
      failed.join(' '),
      error ?? '',
      String(documents),
    ]),
  }
}

export function commandTable(commands: CaptureCommandsReport['commands']): Table {
  return {
    head: ['command', 'for', 'root', 'document'],
    rows: commands.map(({document, root, why, command}) => [command, why, root ? 'root' : '', document]),
  }
}
