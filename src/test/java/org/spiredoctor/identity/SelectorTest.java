package org.spiredoctor.identity;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Each form of the selectors that the k8s attestors make. */
class SelectorTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "k8s:ns:apps                               | k8s:ns                       | apps",
        "k8s:sa:default                            | k8s:sa                       | default",
        "k8s:node-name:node-1                      | k8s:node-name                | node-1",
        "k8s:pod-uid:0f6f-1                        | k8s:pod-uid                  | 0f6f-1",
        "k8s:pod-name:web-0                        | k8s:pod-name                 | web-0",
        "k8s:pod-label:app:web                     | k8s:pod-label:app            | web",
        "k8s:pod-label:app.kubernetes.io/name:web  | k8s:pod-label:app.kubernetes.io/name | web",
        "k8s:pod-label:app:                        | k8s:pod-label:app            | ''",
        "k8s:pod-label:app                         | k8s:pod-label:app            | ''",
        "k8s:pod-owner:ReplicaSet:web-5d           | k8s:pod-owner:ReplicaSet     | web-5d",
        "k8s:pod-owner-uid:ReplicaSet:0f6f-2       | k8s:pod-owner-uid:ReplicaSet | 0f6f-2",
        "k8s:container-name:app                    | k8s:container-name           | app",
        "k8s:container-image:reg.test:5000/web:1   | k8s:container-image          | reg.test:5000/web:1",
        "k8s:container-image:web@sha256:aa         | k8s:container-image          | web@sha256:aa",
        "k8s:pod-image:web:1                       | k8s:pod-image                | web:1",
        "k8s:pod-image-count:2                     | k8s:pod-image-count          | 2",
        "k8s:pod-init-image:init:1                 | k8s:pod-init-image           | init:1",
        "k8s:pod-init-image-count:0                | k8s:pod-init-image-count     | 0",
        "k8s:image-signature-subject:a@b.test      | k8s:image-signature-subject  | a@b.test",
        "k8s_psat:cluster:demo                     | k8s_psat:cluster             | demo",
        "k8s_psat:agent_ns:spire                   | k8s_psat:agent_ns            | spire",
        "k8s_psat:agent_node_label:zone:a          | k8s_psat:agent_node_label:zone | a",
        "k8s_psat:agent_pod_label:app:spire-agent  | k8s_psat:agent_pod_label:app | spire-agent",
        "unix:uid:1000                             | unix:uid                     | 1000",
        "spiffe_id:spiffe://a.test/spire/agent/x   | spiffe_id:spiffe             | //a.test/spire/agent/x",
        "k8s                                       | k8s:                         | ''",
      })
  void subjectAndObject(String text, String subject, String object) {
    Selector selector = Selector.parse(text);
    assertThat(selector.subject()).isEqualTo(subject);
    assertThat(selector.object()).isEqualTo(object);
  }

  @Test
  void theTypeEndsAtTheFirstColon() {
    assertThat(Selector.parse("k8s:pod-label:app:web"))
        .isEqualTo(new Selector("k8s", "pod-label:app:web"))
        .isEqualTo(Selector.k8s("pod-label:app:web"))
        .hasToString("k8s:pod-label:app:web");
  }

  @Test
  void itIsSortedByItsText() {
    assertThat(
            Stream.of("unix:uid:0", "k8s:sa:b", "k8s_psat:cluster:a", "k8s:ns:z", "k8s:sa:a")
                .map(Selector::parse)
                .sorted())
        .extracting(Selector::toString)
        .containsExactly("k8s:ns:z", "k8s:sa:a", "k8s:sa:b", "k8s_psat:cluster:a", "unix:uid:0");
  }
}
