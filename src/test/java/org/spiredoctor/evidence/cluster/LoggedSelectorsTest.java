package org.spiredoctor.evidence.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LoggedSelectorsTest {
  private static Log.Line line(String text) {
    return Log.parse(text).lines().getFirst();
  }

  /** Protocol Buffers write one space or two, so that nobody relies on it. */
  @Test
  void asTextOfProtocolBuffers() {
    Log.Line line =
        line(
            "level=debug msg=\"PID attested to have selectors\" pid=7"
                + " selectors=\"[type:\\\"k8s\\\" value:\\\"pod-uid:u-1\\\"  type:\\\"unix\\\"  "
                + "value:\\\"path:/a \\\\\\\"b\\\\\\\" type:\\\\\\\"k8s\\\\\\\"\\\"]\" subsystem_name=x");
    assertThat(line.selectors())
        .containsExactly("k8s:pod-uid:u-1", "unix:path:/a \"b\" type:\"k8s\"");
    assertThat(line.pod()).contains("u-1");
    assertThat(line.process()).contains("7");
  }

  @Test
  void asJson() {
    Log.Line line =
        line(
            "{\"level\":\"debug\",\"msg\":\"PID attested to have selectors\",\"pid\":7,\"selectors\":"
                + "[{\"type\":\"unix\",\"value\":\"path:/\\\"},{\\\"type\\\":\\\"k8s\\\"\"},"
                + "{\"type\":\"k8s\",\"value\":\"pod-uid:u-1\"}]}");
    assertThat(line.selectors())
        .containsExactly("unix:path:/\"},{\"type\":\"k8s\"", "k8s:pod-uid:u-1");
    assertThat(line.pod()).contains("u-1");
    assertThat(line.process()).contains("7");
  }

  @Test
  void sortedAndJoined() {
    String of = "level=error msg=\"No identity issued\" pid=7 selectors=\"";
    Log.Line line = line(of + "k8s:ns:apps,k8s:pod-uid:u-1,k8s:sa:a,unix:path:/x\"");
    assertThat(line.selectors())
        .containsExactly("k8s:ns:apps", "k8s:pod-uid:u-1", "k8s:sa:a", "unix:path:/x");
    assertThat(line.pod()).contains("u-1");
    Log.Line odd = line(of + "k8s:ns:apps,k8s:pod-uid:u-1,unix:path:/x,k8s:pod-uid:u-2\"");
    assertThat(odd.selectors()).containsExactly("k8s:ns:apps", "unix:path:/x");
    assertThat(odd.pod()).isEmpty();
  }

  /** Of an image, Kubernetes takes any text. */
  @Test
  void anImageNamesNoPod() {
    for (String rest :
        List.of("", ",k8s:pod-init-image-count:0,k8s:pod-uid:u-1,k8s:sa:a", ",k8s:sa:a")) {
      Log.Line line =
          line("msg=x selectors=\"k8s:ns:b,k8s:pod-image:x,k8s:pod-uid:u-2" + rest + "\"");
      assertThat(line.pod()).isEmpty();
      assertThat(line.selectors()).contains("k8s:ns:b", "k8s:pod-image:x");
    }
  }

  @Test
  void whoseTheyAreIsNotGuessed() {
    assertThat(line("msg=x selectors=\"k8s:pod-uid:u-1,k8s:pod-uid:u-2\"").pod()).isEmpty();
    assertThat(line("msg=x selectors=\"unix:path:/pod-uid:u-1\"").pod()).isEmpty();
  }

  @Test
  void anErrorIsNoField() {
    assertThat(line("msg=x error=\"open /a pid=1 selectors=k8s:ns:b pod_uid=c\" pid=7").process())
        .contains("7");
    assertThat(line("msg=x error=\"open /a selectors=k8s:ns:b pod_uid=c\" pid=7").pod()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "selectors=\"[type:\\\"k8s",
        "selectors=\"[type:\\\"k8s\\",
        "selectors=\"[\\\\\"",
        "selectors=\"[value:\\\"a\\\"",
        "selectors=",
        "selectors=\",,\"",
        "{\"selectors\":[{\"type\":\"",
        "{\"selectors\":",
      })
  void whatIsCutOffIsReadAsFarAsItGoes(String text) {
    assertThat(line(text).selectors()).hasSizeLessThan(2);
  }
}
