package org.spiredoctor.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/** A directory for sockets and output, removed at the end. */
final class Scratch implements AutoCloseable {
  /** The address of a Unix socket has 108 bytes; this leaves room for what is put in here. */
  private static final int LONGEST = 60;

  private final Path directory;
  private final AtomicInteger count = new AtomicInteger();

  private Scratch(Path directory) {
    this.directory = directory;
  }

  static Scratch create() throws IOException {
    Path usual = Path.of(System.getProperty("java.io.tmpdir", "/tmp")).toAbsolutePath();
    Path parent = usual.toString().length() > LONGEST ? Path.of("/tmp") : usual;
    return new Scratch(Files.createTempDirectory(parent, "spire-doctor-bench-"));
  }

  /** A path that nothing is at, and that was not given before. */
  Path fresh(String stem) {
    return directory.resolve(stem + "-" + count.incrementAndGet());
  }

  /** A new directory. */
  Path directory(String name) throws IOException {
    return Files.createDirectories(directory.resolve(name));
  }

  /** Tries a few times: a process that was stopped a moment ago may still have written. */
  @Override
  public void close() {
    for (int attempt = 0; attempt < 5 && Files.exists(directory); attempt++) {
      try {
        delete();
        return;
      } catch (IOException e) {
        if (attempt == 4) {
          System.err.println("Could not remove " + directory + ": " + e.getMessage());
        }
      }
    }
  }

  private void delete() throws IOException {
    List<Path> inside;
    try (Stream<Path> walk = Files.walk(directory)) {
      inside = walk.sorted(Comparator.reverseOrder()).toList();
    }
    for (Path path : inside) {
      Files.deleteIfExists(path);
    }
  }
}
