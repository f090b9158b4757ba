package org.spiredoctor.kube.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** Words for a file that cannot be read; who runs these tests may read all of them. */
class KubeconfigFilesTest {

  @Test
  void noClassIsNamed() {
    Path file = Path.of("/nonexistent/config");
    assertThat(Kubeconfig.inWords(file, new NoSuchFileException("config")))
        .isEqualTo("does not exist");
    assertThat(Kubeconfig.inWords(file, new AccessDeniedException("config")))
        .isEqualTo("cannot be read: permission denied");
    assertThat(
            Kubeconfig.inWords(
                file, new FileSystemException("config", "", "Too many levels of symbolic links")))
        .isEqualTo("cannot be read: Too many levels of symbolic links");
    assertThat(Kubeconfig.inWords(file, new IOException())).isEqualTo("cannot be read");
  }
}
