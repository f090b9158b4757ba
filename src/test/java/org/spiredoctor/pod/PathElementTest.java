package org.spiredoctor.pod;

import static org.assertj.core.api.Assertions.assertThat;
import static org.spiredoctor.diagnosis.Scene.step;

import org.junit.jupiter.api.Test;

class PathElementTest {
  @Test
  void aStepReadsAsLsShowsIt() {
    assertThat(step("/x", FileKind.DIRECTORY, 0750).inWords()).isEqualTo("drwxr-x--- 0:0 /x");
  }
}
