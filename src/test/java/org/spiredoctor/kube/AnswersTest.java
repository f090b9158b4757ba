package org.spiredoctor.kube;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whoever answers 200 need not be an API server: a portal and a proxy do, too. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class AnswersTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "{\"kind\":\"Status\",\"status\":\"Failure\",\"message\":\"log in first\"}",
        "{\"items\":null}",
        "{\"items\":{\"metadata\":{\"name\":\"web\"}}}",
        "{\"items\":[1],\"kind\":\"List\"}",
        "[]",
        "\"welcome\""
      })
  void whatIsNoListIsNoEmptyList(String body) throws IOException {
    try (ApiServer server = ApiServer.plain((_, out) -> ApiServer.json(out, 200, body));
        KubeApi api = PlainApi.at(server.port())) {
      assertThatThrownBy(() -> api.list(Kind.POD, Optional.empty()))
          .isInstanceOfSatisfying(
              KubeException.class,
              e -> {
                assertThat(e.reason()).isEqualTo(KubeException.Reason.OTHER);
                assertThat(e.asked()).isEqualTo("list pods");
                assertThat(e.answer()).isEqualTo("the answer is not a list");
              });
    }
  }

  @Test
  void anEmptyListIsOne() throws Exception {
    String body = "{\"kind\":\"PodList\",\"metadata\":{},\"items\":[]}";
    try (ApiServer server = ApiServer.plain((_, out) -> ApiServer.json(out, 200, body));
        KubeApi api = PlainApi.at(server.port())) {
      assertThat(api.list(Kind.POD, Optional.empty())).isEmpty();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "[]",
        "null",
        "{\"kind\":\"Status\",\"status\":\"Success\"}",
        "{\"kind\":\"ConfigMap\",\"metadata\":{\"name\":\"other\"},\"data\":{}}"
      })
  void whatIsAnotherObjectIsNotTheOneThatWasAskedFor(String body) throws IOException {
    try (ApiServer server = ApiServer.plain((_, out) -> ApiServer.json(out, 200, body));
        KubeApi api = PlainApi.at(server.port())) {
      assertThatThrownBy(() -> api.get(Kind.CONFIG_MAP, Optional.of("spire"), "spire-agent"))
          .isInstanceOfSatisfying(
              KubeException.class,
              e -> assertThat(e.answer()).isEqualTo("the answer is not that object"));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "{\"kind\":\"Status\",\"status\":\"Success\"}",
        "{\"status\":{\"allowed\":\"yes\"}}",
        "{\"status\":{\"denied\":true}}"
      })
  void whatIsNoReviewIsNoNo(String body) throws IOException {
    Access access = Access.everywhere("spire:spire-agent", "get", "", "nodes/proxy");
    try (ApiServer server = ApiServer.plain((_, out) -> ApiServer.json(out, 200, body));
        KubeApi api = PlainApi.at(server.port())) {
      assertThatThrownBy(() -> api.may(access))
          .isInstanceOfSatisfying(
              KubeException.class,
              e -> assertThat(e.answer()).isEqualTo("the answer is not a review"));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"{}", "[]", "{\"minor\":\"99999999999999999999\"}", "{\"minor\":30}"})
  void aVersionOfAnyFormEndsNothing(String body) throws Exception {
    try (ApiServer server = ApiServer.plain((_, out) -> ApiServer.json(out, 200, body));
        KubeApi api = PlainApi.at(server.port())) {
      assertThat(api.closesInput()).isEqualTo(body.contains("30"));
    }
  }
}
