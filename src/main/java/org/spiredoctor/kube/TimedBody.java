package org.spiredoctor.kube;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.time.Duration;

/**
 * The body of an answer that is given up when it takes too long as a whole: a server that sends a
 * byte now and then would else never end.
 */
final class TimedBody extends FilterInputStream {
  private final Duration limit;
  private final Thread watch;
  private volatile boolean late;

  TimedBody(InputStream body, Duration limit) {
    super(body);
    this.limit = limit;
    this.watch = Thread.ofVirtual().start(this::closeLater);
  }

  private void closeLater() {
    try {
      Thread.sleep(limit);
      late = true;
      in.close();
    } catch (InterruptedException e) {
      // It was read in time.
    } catch (IOException e) {
      // It is closed already.
    }
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] into, int offset, int length) throws IOException {
    int n;
    try {
      n = in.read(into, offset, length);
    } catch (IOException e) {
      throw late ? tooLate() : e;
    }
    if (late) {
      throw tooLate();
    }
    return n;
  }

  private IOException tooLate() {
    return new InterruptedIOException("the answer did not end within " + limit.toSeconds() + " s");
  }

  @Override
  public void close() throws IOException {
    watch.interrupt();
    super.close();
  }
}
