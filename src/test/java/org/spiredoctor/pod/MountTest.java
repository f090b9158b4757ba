package org.spiredoctor.pod;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class MountTest {
  private static final List<Mount> POD =
      Mount.parse(
          """
          1000 900 0:100 / / rw,relatime master:1 - overlay overlay rw,lowerdir=/x
          1001 1000 0:101 / /proc rw,nosuid - proc proc rw
          1002 1000 254:0 /tmp/spire-agent/public /spire-socket ro,relatime - ext4 /dev/vda rw
          1003 1000 254:0 /a\\040b /with\\040space rw - ext4 /dev/vda rw
          1004 1000 254:0 /old /spire-socket/deep rw shared:7 master:2 - ext4 /dev/vda rw
          nonsense
          """);

  @Test
  void linesAreReadAndNonsenseIsLeftOut() {
    assertThat(POD).hasSize(5);
    assertThat(POD.get(2))
        .isEqualTo(
            new Mount(
                Path.of("/spire-socket"),
                "/tmp/spire-agent/public",
                "ext4",
                "/dev/vda",
                "ro,relatime"));
    assertThat(POD.get(3).point()).isEqualTo(Path.of("/with space"));
    assertThat(POD.get(3).root()).isEqualTo("/a b");
  }

  @Test
  void theDeepestMountHoldsAPath() {
    assertThat(Mount.holding(Path.of("/spire-socket/api.sock"), POD)).contains(POD.get(2));
    assertThat(Mount.holding(Path.of("/spire-socket/deep/x"), POD)).contains(POD.get(4));
    assertThat(Mount.holding(Path.of("/spire-sockets/x"), POD)).contains(POD.get(0));
    assertThat(Mount.holding(Path.of("/x"), List.of())).isEmpty();
  }

  @Test
  void whatEveryContainerGetsIsPlumbing() {
    assertThat(POD.stream().filter(Mount::isPlumbing)).containsExactly(POD.get(0), POD.get(1));
  }
}
