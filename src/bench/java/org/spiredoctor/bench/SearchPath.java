package org.spiredoctor.bench;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;

/** The directories of {@code PATH}. */
record SearchPath(String directories) {

  /** The first program with one of these names. */
  Optional<Path> find(String... names) {
    return Stream.of(names).flatMap(this::named).findFirst();
  }

  private Stream<Path> named(String name) {
    return Stream.of(directories.split(File.pathSeparator, -1))
        .filter(directory -> !directory.isEmpty())
        .map(directory -> Path.of(directory, name).toAbsolutePath())
        .filter(file -> Files.isRegularFile(file) && Files.isExecutable(file));
  }
}
