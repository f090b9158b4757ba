package org.spiredoctor.identity;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which names mean the same repository. */
class ImageSelectorsTest {
  private static final String DIGEST = "@sha256:" + "0123456789abcdef".repeat(4);

  private static boolean same(String one, String other) {
    return ImageSelectors.sameRepository(
        Selector.k8s("pod-image:" + one), Selector.k8s("pod-image:" + other));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "web",
        "library/web",
        "docker.io/web",
        "docker.io/library/web",
        "index.docker.io/web",
        "index.docker.io/library/web",
        "docker-pullable://web",
        "docker-pullable://docker.io/library/web"
      })
  void dockerHubHasSeveralNames(String name) {
    for (String end : new String[] {"", ":1", ":latest", DIGEST, ":1" + DIGEST}) {
      assertThat(same(name + end, "web:2")).as(name + end).isTrue();
      assertThat(same("web:2", name + end)).as(name + end).isTrue();
    }
  }

  @ParameterizedTest
  @CsvSource({
    "a/x, docker.io/a/x:1",
    "a/b/x, index.docker.io/a/b/x",
    "localhost/x:1, localhost/x",
    "localhost:5000/x, localhost:5000/x:1",
    "reg.test:5000/x:1, reg.test:5000/x:2",
    "reg:5000/x, reg:5000/x:5000",
    "reg.test/a/x@sha256:aa, reg.test/a/x@sha256:bb"
  })
  void tagAndDigestDoNotMatter(String one, String other) {
    assertThat(same(one, other)).isTrue();
  }

  @ParameterizedTest
  @CsvSource({
    "web:1, evil.test/web:1",
    "web:1, evil/web:1",
    "web:1, localhost/web:1",
    "web:1, evil.test/library/web:1",
    "docker.io/web:1, docker.io.evil.test/web:1",
    "docker.io/web:1, docker.io:5000/web:1",
    "reg.test/web:1, reg.test:5000/web:1",
    "reg.test:5000/web, reg.test:5001/web",
    "reg.test/a/web, reg.test/b/web",
    "reg.test/web, reg.test/library/web",
    "reg.test/web, reg.test/web/web",
    "library/library/web, library/web",
    "web, Web",
    "sha256:aa, sha256:bb",
    "docker://sha256:aa, docker://sha256:aa"
  })
  void anotherRegistryOrPathIsAnotherImage(String one, String other) {
    assertThat(same(one, other)).isFalse();
    assertThat(same(other, one)).isFalse();
  }

  @Test
  void onlyImagesHaveARepository() {
    Selector label = Selector.parse("k8s:pod-label:image:web");
    assertThat(ImageSelectors.sameRepository(label, label)).isFalse();
  }
}
