package org.spiredoctor.spire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Addresses as the SPIFFE Workload Endpoint specification, section 4, has them. */
class EndpointTest {
  @ParameterizedTest
  @ValueSource(strings = {"unix:///run/api.sock", "unix:/run/api.sock", "UNIX:///run/api.sock"})
  void unix(String text) throws MalformedEndpointException {
    assertThat(Endpoint.parse(text)).isEqualTo(new Endpoint.Unix(Path.of("/run/api.sock")));
  }

  @ParameterizedTest
  @CsvSource({
    "tcp://127.0.0.1:8080, tcp://127.0.0.1:8080",
    "tcp://[::1]:8080, tcp://[0:0:0:0:0:0:0:1]:8080"
  })
  void tcp(String text, String canonical) throws MalformedEndpointException {
    assertThat(Endpoint.parse(text)).hasToString(canonical);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          '' | it is empty |
          /run/api.sock | without the scheme | unix:///run/api.sock
          /opt/spire/unix:/run/api.sock | an address was given where a path | unix:///run/api.sock
          run/api.sock | no scheme | unix:///run/api.sock
          http://run/api.sock | its scheme is http |
          unix://run/api.sock | two slashes | unix:///run/api.sock
          unix://user@host/api.sock | two slashes | unix:///user@host/api.sock
          unix:run/api.sock | relative | unix:///run/api.sock
          unix:///run/api.sock?x=1 | a query |
          unix:///run/api.sock#x | a fragment |
          unix:/// | no path | unix:///tmp/spire-agent/public/api.sock
          unix:///run/a b | not a URI |
          unix:///run/a%00b | its path cannot be one |
          tcp://localhost:8080 | is a host name |
          tcp://127.0.0.1 | no port |
          tcp://127.1:8080 | is a host name |
          tcp://[::1] | no port |
          tcp://127.0.0.1:0 | its port |
          tcp://127.0.0.1:99999 | its port |
          tcp://127.0.0.1:x | its port |
          tcp://127.0.0.1:80/x | a path |
          tcp://u@127.0.0.1:80 | user information |
          tcp://127.0.0.1:80?x | a query |
          tcp:127.0.0.1:80 | tcp://IP:port | tcp://127.0.0.1:80
          tcp:///x | no IP:port |
          """)
  void eachMalformedFormHasItsOwnMessage(String text, String problem, String suggestion) {
    assertThatThrownBy(() -> Endpoint.parse(text))
        .isInstanceOfSatisfying(
            MalformedEndpointException.class,
            e -> {
              assertThat(e.problem()).contains(problem);
              assertThat(e.suggestion().orElse(null)).isEqualTo(suggestion);
            });
  }

  @Test
  void aPathOverTheKernelsLimit() throws MalformedEndpointException {
    String longest = "/" + "x".repeat(106);
    assertThat(Endpoint.parse("unix://" + longest)).isEqualTo(new Endpoint.Unix(Path.of(longest)));
    assertThatThrownBy(() -> Endpoint.parse("unix://" + longest + "y"))
        .hasMessageContaining("108 bytes long");
    assertThatThrownBy(() -> Endpoint.parseLenient("/" + "ü".repeat(60)))
        .hasMessageContaining("121 bytes long");
  }

  @Test
  void aFlagMayHoldAPath() throws MalformedEndpointException {
    assertThat(Endpoint.parseLenient("/run/api.sock"))
        .isEqualTo(new Endpoint.Unix(Path.of("/run/api.sock")));
    assertThatThrownBy(() -> Endpoint.parseLenient("run/api.sock"))
        .isInstanceOf(MalformedEndpointException.class);
  }
}
