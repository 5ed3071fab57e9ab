/** `src,dst`: which side of the packet each dimension of a set looks at. @returns null on any other word */
export function parseDirections(text: string): readonly ('src' | 'dst')[] | null {
  const directions = text.split(',')
  return directions.every(direction => direction === 'src' || direction === 'dst') ? directions : null
}
