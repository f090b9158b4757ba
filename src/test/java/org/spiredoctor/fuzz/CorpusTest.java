package org.spiredoctor.fuzz;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What readers were fed with, or failed at, once. */
class CorpusTest {

  @ParameterizedTest
  @EnumSource
  void noReaderFails(Fuzzed fuzzed) throws IOException {
    List<Path> files;
    try (Stream<Path> all = Files.list(fuzzed.corpus())) {
      files = all.toList();
    }
    assertThat(files).isNotEmpty();
    for (Path file : files) {
      byte[] data = Files.readAllBytes(file);
      assertThatCode(() -> fuzzed.target().feed(data)).as("%s", file).doesNotThrowAnyException();
    }
  }
}
