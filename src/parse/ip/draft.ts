/** A record under construction. */
export type Draft<T> = {-readonly [K in keyof T]: T[K]}
