/** Answers for files of one byte; with any other it never ends. */
process.on('message', ({ input: { pdf } }) => {
  while (pdf.length !== 1);
  process.send({ answer: 1 })
})
