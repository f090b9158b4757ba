package org.spiredoctor.kube;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;

/** The body of an answer that is given up when it takes too long: else it might never end. */
final class TimedBody extends FilterInputStream {
  private final Thread watch;

  TimedBody(InputStream body, Duration limit) {
    super(body);
    this.watch = Thread.ofVirtual().start(() -> closeAfter(limit));
  }

  private void closeAfter(Duration limit) {
    try {
      Thread.sleep(limit);
      in.close();
    } catch (InterruptedException e) {
      // It was read in time.
    } catch (IOException e) {
      // It is closed already.
    }
  }

  @Override
  public void close() throws IOException {
    watch.interrupt();
    super.close();
  }
}
