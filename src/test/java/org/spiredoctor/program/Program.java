package org.spiredoctor.program;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * The program in one of its forms.
 *
 * @param name for the test report
 * @param command that starts it
 */
record Program(String name, List<String> command) {
  private static final Path TARGET = Path.of(System.getProperty("spiredoctor.target", "target"));

  /**
   * What a run left.
   *
   * @param code its exit code
   */
  record Run(int code, String out, String err) {}

  /** The JVM's form. */
  static Program jvm() {
    List<String> words = new ArrayList<>();
    words.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    words.add("-XX:TieredStopAtLevel=1");
    // Else the JVM warns on every start of what protobuf and Netty do.
    words.add("--sun-misc-unsafe-memory-access=allow");
    Stream.of(System.getProperty("spiredoctor.jvmFlags", "").split(" ", -1))
        .filter(flag -> flag.startsWith("-javaagent"))
        .forEach(words::add);
    words.add("-jar");
    words.add(TARGET.resolve("quarkus-app/quarkus-run.jar").toString());
    return new Program("jvm", List.copyOf(words));
  }

  /** The native binary. */
  static Program nativeBinary() {
    return new Program("native", List.of(TARGET.resolve("spire-doctor").toString()));
  }

  /** The same with at most so much heap, such as {@code 24m}. */
  Program withHeap(String size) {
    List<String> words = new ArrayList<>(command);
    words.add(1, "-Xmx" + size);
    return new Program(name, List.copyOf(words));
  }

  /** Whether this build made a native binary. */
  static boolean hasNative() {
    return Boolean.getBoolean("spiredoctor.native");
  }

  /**
   * Every form that this build made; with {@code -Dspiredoctor.forms=native} not the JVM's, where
   * another run has tried that.
   */
  static List<Program> all() {
    if (!hasNative()) {
      return List.of(jvm());
    }
    return System.getProperty("spiredoctor.forms", "").equals("native")
        ? List.of(nativeBinary())
        : List.of(jvm(), nativeBinary());
  }

  /** Runs it to its end. */
  Run run(String... arguments) {
    return start(Map.of(), arguments).end();
  }

  /** Starts it in an environment that has nothing of ours but the path. */
  Started start(Map<String, String> environment, String... arguments) {
    List<String> words = new ArrayList<>(command);
    words.addAll(List.of(arguments));
    return start(environment, words);
  }

  private static Started start(Map<String, String> environment, List<String> words) {
    ProcessBuilder builder = new ProcessBuilder(words);
    builder.environment().keySet().retainAll(List.of("PATH"));
    builder.environment().put("LANG", "C.UTF-8");
    builder.environment().putAll(environment);
    try {
      return new Started(builder.start());
    } catch (IOException e) {
      throw new UncheckedIOException("starting " + words, e);
    }
  }

  /** Runs it from a shell, where {@code $0} is the program. */
  Run shell(String script) {
    String quoted = String.join(" ", command.stream().map(w -> "'" + w + "'").toList());
    return start(Map.of(), List.of("sh", "-c", script.replace("$0", quoted))).end();
  }

  @Override
  public String toString() {
    return name;
  }

  /** A process of it, whose output is read as it comes. */
  static final class Started implements AutoCloseable {
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final Executor THREADS = task -> Thread.ofPlatform().daemon().start(task);

    private final Process process;

    @SuppressWarnings("JdkObsolete") // two threads use it
    private final StringBuffer out = new StringBuffer();

    @SuppressWarnings("JdkObsolete")
    private final StringBuffer err = new StringBuffer();

    private final CompletableFuture<Void> read;

    private Started(Process process) throws IOException {
      this.process = process;
      process.getOutputStream().close();
      this.read =
          CompletableFuture.allOf(
              CompletableFuture.runAsync(() -> copy(process.getInputStream(), out), THREADS),
              CompletableFuture.runAsync(() -> copy(process.getErrorStream(), err), THREADS));
    }

    @SuppressWarnings("JdkObsolete")
    private static void copy(InputStream from, StringBuffer into) {
      byte[] buffer = new byte[8192];
      try {
        for (int n = from.read(buffer); n >= 0; n = from.read(buffer)) {
          into.append(new String(buffer, 0, n, StandardCharsets.UTF_8));
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    /** Waits until it has printed this. */
    Started printed(String text) {
      return printed(text, out);
    }

    /** Waits until it has said this on standard error. */
    Started said(String text) {
      return printed(text, err);
    }

    @SuppressWarnings("JdkObsolete")
    private Started printed(String text, StringBuffer where) {
      Until.holds(() -> where.toString().contains(text) || !process.isAlive(), LIMIT);
      if (!where.toString().contains(text)) {
        throw new AssertionError(
            "did not print '%s': %s".formatted(text, process.isAlive() ? out + "" + err : end()));
      }
      return this;
    }

    long pid() {
      return process.pid();
    }

    /** Sends SIGTERM. */
    Started terminate() {
      process.toHandle().destroy();
      return this;
    }

    /** Waits for its end. */
    Run end() {
      return end(LIMIT);
    }

    /** Waits for its end for at most so long. */
    Run end(Duration limit) {
      try {
        if (!process.waitFor(limit.toSeconds(), TimeUnit.SECONDS)) {
          process.destroyForcibly();
          throw new AssertionError("still running after " + limit + ": " + out + err);
        }
        read.join();
        return new Run(process.exitValue(), out.toString(), err.toString());
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IllegalStateException("interrupted", e);
      }
    }

    @Override
    public void close() {
      process.destroyForcibly();
    }
  }

  /** Where tests leave a report. */
  static Path report(String name) {
    return TARGET.resolve(name);
  }

  /** Where a file of this build lies. */
  static Path target(String name) {
    Path file = TARGET.resolve(name);
    if (!Files.exists(file)) {
      throw new AssertionError(file + " was not built");
    }
    return file;
  }
}
