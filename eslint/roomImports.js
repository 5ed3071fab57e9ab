import path from 'node:path'

/**
 * @typedef {{imports: string[], types?: string[]}} Room
 * @typedef {{source: string, rooms: Record<string, Room>, publicDoor: Room}} Options `source`: absolute path of src/
 */

/** A room of src/ imports only the rooms its table entry names, and only through their index.ts. */
export const roomImports = {
  meta: {
    type: 'problem',
    docs: {description: 'imports between the rooms of src/ follow the table in eslint/rooms.js'},
    schema: [{type: 'object'}],
    messages: {
      unknownRoom: 'src/{{room}} is not in the table of eslint/rooms.js.',
      forbidden: 'src/{{from}} may not import src/{{to}}: it knows {{known}}.',
      typesOnly: 'src/{{from}} may import only types of src/{{to}}: write `import type`.',
      notByDoor: 'Import src/{{to}} through its door, src/{{to}}/index.js.',
      outside: 'src/ imports nothing from outside of src/ but packages.',
    },
  },

  create(context) {
    /** @type {Options} */
    const {source, rooms, publicDoor} = context.options[0]
    const file = path.relative(source, context.filename)
    if (file.startsWith('..')) return {}

    const from = roomOf(file)
    const name = from === '' ? file : from
    const own = from === '' ? publicDoor : rooms[from]

    /** @param specifier the string literal after `from` */
    function check(specifier, typeOnly) {
      if (typeof specifier?.value !== 'string' || !specifier.value.startsWith('.')) return
      const target = path.relative(source, path.resolve(path.dirname(context.filename), specifier.value))
      const to = roomOf(target)
      if (target.startsWith('..')) return report('outside', {})
      if (to === from && to !== '') return
      if (!(to in rooms) && to !== '') return report('unknownRoom', {room: to})
      if (own === undefined) return
      const types = own.types ?? []
      if (!own.imports.includes(to) && !types.includes(to))
        return report('forbidden', {
          from: name,
          to: to || target.replace(/js$/, 'ts'),
          known: list([...own.imports, ...types]),
        })
      if (!own.imports.includes(to) && !typeOnly) return report('typesOnly', {from: name, to})
      if (target !== path.join(to, 'index.js')) report('notByDoor', {to})

      function report(messageId, data) {
        context.report({node: specifier, messageId, data})
      }
    }

    return {
      Program(node) {
        if (own === undefined) context.report({node, messageId: 'unknownRoom', data: {room: name}})
      },
      ImportDeclaration: node => check(node.source, node.importKind === 'type'),
      ExportAllDeclaration: node => check(node.source, node.exportKind === 'type'),
      ExportNamedDeclaration: node => check(node.source, node.exportKind === 'type'),
      ImportExpression: node => check(node.source, false),
      TSImportType: node => check(node.source, true),
    }
  },
}

/** 'net' for net/prefix.ts; '' for a file directly in src/. */
function roomOf(file) {
  const [first, ...rest] = file.split(path.sep)
  return rest.length === 0 ? '' : first
}

function list(names) {
  return names.length === 0 ? 'no other room' : [...new Set(names)].join(', ')
}
