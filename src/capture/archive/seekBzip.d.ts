declare module 'seek-bzip' {
  interface Output {
    writeByte(byte: number): void
  }
  const bunzip: {decode(input: Uint8Array, output: Output): void}
  export default bunzip
}
