package org.spiredoctor.evidence.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.spiredoctor.kube.Pod;

/** Labels as {@code kubectl -l} selects them. */
class LabelSelectorTest {
  @ParameterizedTest
  @CsvSource({
    "app=web, true",
    "app==web, true",
    "app=api, false",
    "app!=api, true",
    "app!=web, false",
    "tier!=x, true",
    "app, true",
    "tier, false",
    "!tier, true",
    "!app, false",
    "'app=web,!tier', true",
    "'app=web,tier', false",
    "'app=web, !tier', true"
  })
  void selects(String selector, boolean selected) {
    ObjectNode pod = new ObjectMapper().createObjectNode();
    pod.putObject("metadata").putObject("labels").put("app", "web");
    assertThat(LabelSelector.parse(selector).test(Pod.of(pod))).isEqualTo(selected);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "app in (a,b)", "a=b,,c"})
  void refusesWhatItDoesNotUnderstand(String selector) {
    assertThatThrownBy(() -> LabelSelector.parse(selector))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
