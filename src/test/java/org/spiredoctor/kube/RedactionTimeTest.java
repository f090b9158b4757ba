package org.spiredoctor.kube;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** No text takes redaction long. */
class RedactionTimeTest {
  private static final List<String> SEPARATORS =
      List.of(
          "",
          " ",
          "  x ",
          "=",
          ":",
          ": ",
          "/",
          "-",
          ".",
          "~",
          "@",
          ",",
          ";",
          "\\",
          "\"",
          "'",
          "=|",
          "=| ",
          "=|\n",
          "=[]",
          "=[",
          "={}",
          "=''",
          "=\\\"",
          "=<<",
          "%3D",
          " is ",
          ":1.2 ",
          "\n",
          "[redacted]",
          "=$(",
          "=\n",
          "=\n- ",
          "=\n  ",
          "=\\n",
          "a:b/",
          "={\n",
          "=[\n",
          "://",
          " = x ");

  @ParameterizedTest
  @ValueSource(
      strings = {
        "password ",
        "password",
        "password=",
        "password=\"",
        "password: [",
        "password:|",
        "token\\",
        "eyJ",
        "eyJhbGciOi.",
        "-----BEGIN ",
        "-----BEGIN PRIVATE KEY-----",
        "-----END PRIVATE KEY-----",
        "a://",
        "a:@",
        "a@sha256:",
        "://u:p@",
        "\"",
        "\\",
        "\\\"",
        "\\n",
        "name: ",
        "-joinToken ",
        "Bearer ",
        "secret is ",
        "x\n",
        "=",
        "<<"
      })
  void theTimeIsLinear(String part) {
    String text = part.repeat(256 * 1024 / part.length());
    String spaces = part + " ".repeat(256 * 1024) + part;
    Assertions.assertTimeout(
        Duration.ofSeconds(15),
        () -> {
          Redaction.text(text);
          Redaction.text(spaces);
          Redaction.tokens(text);
        });
  }

  /** Whatever a detector looks for, again and again, with whatever it looks at behind it. */
  @Test
  void theTimeIsLinearWhateverIsRepeated() {
    List<String> words =
        Stream.of(
                KnownTokens.FORMS.stream().map(KnownTokens.Form::prefix),
                SecretNames.PARTS.stream(),
                HeaderValues.SCHEMES.stream(),
                Stream.of(
                    "name",
                    "value",
                    "-password",
                    "Cookie",
                    "scheme://",
                    "k8s:x@",
                    "auth",
                    "-u",
                    "-a",
                    "<password>",
                    "token1",
                    "bindpw",
                    "password\u00A0(",
                    "password\u0085-\u0085",
                    "rootpw\u00A0(",
                    "password..\u0085",
                    "password\u200B/",
                    "password=<<a\n",
                    "DB_PASS",
                    "pwd",
                    "PASS",
                    "curl -u",
                    "curl -ux",
                    "mysql -p",
                    "- -password",
                    "<a:password>",
                    "<password",
                    "scott/x@",
                    "password is",
                    "password:\n",
                    "\"password\":\n",
                    "{\"password\"",
                    "\\npassword",
                    "key=\"password\"",
                    "Authorization: a",
                    "Authorization: token x=",
                    "jsessionid",
                    "hooks.slack.com/services/"))
            .flatMap(all -> all)
            .toList();
    List<String> some = List.of("sk-", "password", "bearer", "token1");
    for (String word : words) {
      for (String separator :
          some.contains(word) ? SEPARATORS : List.of("", "/", "=", ";", "=\n- ")) {
        String text = (word + separator).repeat(256 * 1024 / (word + separator).length());
        long began = System.nanoTime();
        Redaction.text(text);
        assertThat(Duration.ofNanos(System.nanoTime() - began))
            .as("%s%s, again and again", word, separator)
            .isLessThan(Duration.ofSeconds(15));
      }
    }
  }
}
