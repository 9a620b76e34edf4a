import { moved, onPage, roomOf } from './placement'

const A4 = { widthMm: 210, heightMm: 297 }
const room = roomOf({ widthUm: 42_000, heightUm: 42_000 })

describe('the place of a seal', () => {
  it('has room for the QR code beside the picture', () => {
    expect(room).toEqual({ widthMm: 60, heightMm: 42 })
    expect(roomOf({ widthUm: 20_000, heightUm: 8000 })).toEqual({ widthMm: 38, heightMm: 16 })
  })

  it.each([
    [
      { xMm: 20, yMm: 30 },
      { xMm: 20, yMm: 30 },
    ],
    [
      { xMm: 200, yMm: 290 },
      { xMm: 150, yMm: 255 },
    ],
    [
      { xMm: -5, yMm: -5 },
      { xMm: 0, yMm: 0 },
    ],
  ])('is kept on the page: %j', (wished, kept) => {
    expect(onPage({ page: 1, ...wished }, A4, room)).toEqual({ page: 1, ...kept })
  })

  it('moves by arrow keys and by no other', () => {
    const from = { page: 2, xMm: 10, yMm: 10 }
    expect(moved(from, 'ArrowLeft', false)).toEqual({ page: 2, xMm: 9, yMm: 10 })
    expect(moved(from, 'ArrowDown', true)).toEqual({ page: 2, xMm: 10, yMm: 20 })
    expect(moved(from, 'toString', false)).toBeUndefined()
  })
})
