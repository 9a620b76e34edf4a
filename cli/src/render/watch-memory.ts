import { workerData } from 'node:worker_threads'

const EVERY_MS = 50

// Pictures and fonts live outside V8's heap, where no option bounds them; this thread runs while the other is stuck.
setInterval(() => {
  if (process.memoryUsage.rss() > Number(workerData)) process.kill(process.pid, 'SIGKILL')
}, EVERY_MS)
