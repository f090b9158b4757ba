package org.spiredoctor.kube.config;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * A run of an exec plugin.
 *
 * @param environment all of it
 * @param interactive whether it has the terminal
 */
record PluginRun(
    String command, List<String> arguments, Map<String, String> environment, boolean interactive) {
  private static final int LARGEST_OUTPUT = 1024 * 1024;
  private static final int COMPLAINT = 400;

  /** How it ended. */
  enum End {
    ENDED,
    TIMED_OUT,
    TOO_MUCH
  }

  /**
   * What came of it.
   *
   * @param code its exit code, if it ended by itself
   * @param complaint the end of what it wrote to standard error; untrusted
   */
  record Done(End end, int code, String output, String complaint) {}

  /**
   * Runs it.
   *
   * @throws IOException when it cannot be started
   */
  Done run(Duration limit) throws IOException {
    List<String> words = new ArrayList<>();
    words.add(command);
    words.addAll(arguments);
    ProcessBuilder builder = new ProcessBuilder(words);
    builder.environment().clear();
    builder.environment().putAll(environment);
    if (interactive) {
      builder.redirectInput(ProcessBuilder.Redirect.INHERIT);
      builder.redirectError(ProcessBuilder.Redirect.INHERIT);
    }
    Process process = builder.start();
    try {
      if (!interactive) {
        process.getOutputStream().close();
      }
      return follow(process, limit);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    } finally {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
    }
  }

  private static Done follow(Process process, Duration limit) throws InterruptedException {
    long end = System.nanoTime() + limit.toNanos();
    CompletableFuture<byte[]> output = reading(process.getInputStream(), LARGEST_OUTPUT + 1, false);
    CompletableFuture<byte[]> errors = reading(process.getErrorStream(), COMPLAINT, true);
    try {
      byte[] all = output.get(end - System.nanoTime(), TimeUnit.NANOSECONDS);
      if (all.length > LARGEST_OUTPUT) {
        return new Done(End.TOO_MUCH, -1, "", said(errors));
      }
      return process.waitFor(end - System.nanoTime(), TimeUnit.NANOSECONDS)
          ? new Done(
              End.ENDED, process.exitValue(), new String(all, StandardCharsets.UTF_8), said(errors))
          : new Done(End.TIMED_OUT, -1, "", said(errors));
    } catch (TimeoutException e) {
      return new Done(End.TIMED_OUT, -1, "", said(errors));
    } catch (ExecutionException e) {
      throw new IllegalStateException("reading the output of a plugin", e.getCause());
    }
  }

  /** What it has complained of so far; a child that lives on may hold the stream open. */
  private static String said(CompletableFuture<byte[]> errors) throws InterruptedException {
    try {
      return new String(errors.get(200, TimeUnit.MILLISECONDS), StandardCharsets.UTF_8).strip();
    } catch (TimeoutException | ExecutionException e) {
      return "";
    }
  }

  /** The first bytes of a stream, or the last ones, which needs all of it. */
  private static CompletableFuture<byte[]> reading(InputStream in, int most, boolean last) {
    CompletableFuture<byte[]> future = new CompletableFuture<>();
    Thread.ofVirtual().start(() -> future.complete(last ? end(in, most) : start(in, most)));
    return future;
  }

  private static byte[] start(InputStream in, int most) {
    try {
      return in.readNBytes(most);
    } catch (IOException e) {
      // It was stopped meanwhile.
      return new byte[0];
    }
  }

  private static byte[] end(InputStream in, int most) {
    byte[] kept = new byte[0];
    byte[] buffer = new byte[8192];
    try {
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        byte[] both = new byte[kept.length + n];
        System.arraycopy(kept, 0, both, 0, kept.length);
        System.arraycopy(buffer, 0, both, kept.length, n);
        int from = Math.max(0, both.length - most);
        kept = Arrays.copyOfRange(both, from, both.length);
      }
    } catch (IOException e) {
      // It was stopped meanwhile.
    }
    return kept;
  }
}
