package org.spiredoctor.kube.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** By the rules of Go's {@code http.ProxyFromEnvironment}. */
class EnvironmentProxyTest {
  private static final URI PROXY = URI.create("http://proxy.test:3128");

  /** Whether the server is asked by the proxy, though {@code NO_PROXY} says this. */
  @ParameterizedTest
  @CsvSource({
    "https://api.example.org:6443, '', true",
    "https://api.example.org:6443, '*', false",
    "https://api.example.org:6443, ' other.test , * ', false",
    "https://api.example.org:6443, '*.', true",
    "https://api.example.org:6443, example.org, false",
    "https://api.example.org:6443, EXAMPLE.ORG, false",
    "https://API.example.org:6443, example.org, false",
    "https://example.org:6443, example.org, false",
    "https://badexample.org:6443, example.org, true",
    "https://api.example.org:6443, .example.org, false",
    "https://example.org:6443, .example.org, true",
    "https://api.example.org:6443, '*.example.org', false",
    "https://example.org:6443, '*.example.org', true",
    "https://api.example.org:6443, example.org:6443, false",
    "https://api.example.org:6443, example.org:443, true",
    "https://api.example.org, example.org:443, false",
    "https://192.0.2.7:6443, 192.0.2.7, false",
    "https://192.0.2.7:6443, 192.0.2.8, true",
    "https://192.0.2.7:6443, 192.0.2.7:6443, false",
    "https://192.0.2.7:6443, 192.0.2.7:443, true",
    "https://192.0.2.7:6443, 192.0.2.0/24, false",
    "https://192.0.2.7:6443, 192.0.2.8/29, true",
    "https://192.0.2.7:6443, 192.0.2.0/29, false",
    "https://192.0.2.7:6443, 0.0.0.0/0, false",
    "https://192.0.2.7:6443, 192.0.2.0/99, true",
    "https://api.example.org:6443, 192.0.2.0/24, true",
    "'https://[2001:db8::7]:6443', 2001:db8::/32, false",
    "'https://[2001:db8::7]:6443', 2001:db8::7, false",
    "'https://[2001:db8::7]:6443', '[2001:db8::7]:6443', false",
    "'https://[2001:db8::7]:6443', '[2001:db8::7]:443', true",
    "https://localhost:6443, '', false",
    "https://127.0.0.1:6443, '', false",
    "https://127.1.2.3:6443, '', false",
    "'https://[::1]:6443', '', false",
    "https://localhost.example.org:6443, '', true"
  })
  void whatIsAskedDirectly(URI server, String noProxy, boolean proxied) throws ConfigException {
    for (String name : new String[] {"NO_PROXY", "no_proxy"}) {
      assertThat(
              EnvironmentProxy.of(server, Map.of("HTTPS_PROXY", PROXY.toString(), name, noProxy)))
          .isEqualTo(proxied ? Optional.of(PROXY) : Optional.empty());
    }
  }

  @Test
  void whichVariableCounts() throws ConfigException {
    URI https = URI.create("https://api.example.org:6443");
    URI http = URI.create("http://api.example.org:8080");
    String proxy = PROXY.toString();
    assertThat(EnvironmentProxy.of(https, Map.of("https_proxy", proxy))).contains(PROXY);
    assertThat(EnvironmentProxy.of(https, Map.of("HTTP_PROXY", proxy))).isEmpty();
    assertThat(EnvironmentProxy.of(https, Map.of("ALL_PROXY", proxy))).isEmpty();
    assertThat(EnvironmentProxy.of(http, Map.of("HTTP_PROXY", proxy))).contains(PROXY);
    assertThat(EnvironmentProxy.of(http, Map.of("http_proxy", proxy))).contains(PROXY);
    assertThat(EnvironmentProxy.of(http, Map.of("HTTPS_PROXY", proxy))).isEmpty();
    assertThat(
            EnvironmentProxy.of(
                https, Map.of("HTTPS_PROXY", proxy, "https_proxy", "http://other.test:1")))
        .contains(PROXY);
    // A CGI program's HTTP_PROXY is what a stranger sent as the header Proxy.
    assertThat(EnvironmentProxy.of(http, Map.of("HTTP_PROXY", proxy, "REQUEST_METHOD", "GET")))
        .isEmpty();
  }

  @Test
  void aProxyNeedsNoScheme() throws ConfigException {
    assertThat(
            EnvironmentProxy.of(
                URI.create("https://api.example.org"), Map.of("HTTPS_PROXY", "proxy.test:3128")))
        .contains(PROXY);
  }

  @ParameterizedTest
  @CsvSource({
    "socks5://proxy.test:1080, is not supported",
    "https://proxy.test:443, is not supported",
    "ftp://proxy.test, must begin with http://",
    "http://, not a URL",
    "'http://pass word@proxy.test', not a URL"
  })
  void aProxyThatCannotBeTakenIsNotPassedBy(String proxy, String why) {
    assertThatThrownBy(
            () ->
                EnvironmentProxy.of(
                    URI.create("https://api.example.org"), Map.of("HTTPS_PROXY", proxy)))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining(why)
        .hasMessageContaining("HTTPS_PROXY")
        .hasMessageNotContaining("pass");
  }
}
