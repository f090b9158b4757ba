package org.spiredoctor.kube.config;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.Optional;
import org.spiredoctor.kube.config.Credentials.Shown;
import org.spiredoctor.kube.config.Kubeconfig.Part;

/** What a user of a kubeconfig shows the API server, by kubectl's order of preference. */
record UserCredentials(String name, Part user, InstantSource clock) {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  /** A plugin, which is only read where nothing else says who the user is. */
  interface Plugin {
    Credentials read() throws ConfigException;
  }

  Credentials of(Plugin plugin) throws ConfigException {
    String token = user.text("token");
    Optional<Path> tokenFile = user.path("tokenFile");
    String basicUser = user.text("username");
    boolean basic = !basicUser.isEmpty() || !user.text("password").isEmpty();
    if (!token.isEmpty() && basic) {
      throw wrong("has a token and a user name: only one is allowed");
    }
    boolean exec = user.value().has("exec");
    boolean provider = user.value().has("auth-provider");
    if (exec && provider) {
      throw wrong("has exec and auth-provider: only one is allowed");
    }
    Optional<ClientCertificate> certificate = certificate();
    if (tokenFile.isPresent()) {
      return new TokenFile(tokenFile.get(), token, certificate, clock);
    }
    if (!token.isEmpty()) {
      return Credentials.fixed(Shown.bearer(token, certificate, where()));
    }
    if (basic) {
      return Credentials.fixed(Shown.basic(basicUser, user.text("password"), certificate));
    }
    if (certificate.isPresent()) {
      return Credentials.fixed(new Shown(Optional.empty(), certificate));
    }
    if (exec) {
      return plugin.read();
    }
    return provider ? provided() : Credentials.fixed(Shown.NOTHING);
  }

  private Optional<ClientCertificate> certificate() throws ConfigException {
    Optional<byte[]> chain = KubeconfigContext.content(name, user, "user", "client-certificate");
    Optional<byte[]> key = KubeconfigContext.content(name, user, "user", "client-key");
    if (chain.isPresent() && key.isEmpty()) {
      throw wrong("has a client certificate without its client-key");
    }
    return chain.isEmpty()
        ? Optional.empty()
        : Optional.of(ClientCertificate.of(chain.get(), key.orElseThrow(), where()));
  }

  /** Of the providers that kubectl once had, only this one is left; it is not refreshed here. */
  private Credentials provided() throws ConfigException {
    JsonNode provider = user.value().path("auth-provider");
    String kind = provider.path("name").asText();
    if (!kind.equals("oidc")) {
      throw wrong(
          "has the auth-provider '" + kind + "', which kubectl has not had since 1.26: use exec");
    }
    String token = provider.path("config").path("id-token").asText();
    if (token.isEmpty() || expired(token)) {
      throw wrong(
          "has an auth-provider whose id-token is missing or expired: any kubectl command renews"
              + " it");
    }
    return Credentials.fixed(Shown.bearer(token, Optional.empty(), where()));
  }

  private boolean expired(String token) {
    String[] parts = token.split("\\.", -1);
    try {
      JsonNode claims =
          MAPPER.readTree(Base64.getUrlDecoder().decode(parts[Math.min(1, parts.length - 1)]));
      return !Instant.ofEpochSecond(claims.path("exp").asLong()).isAfter(clock.instant());
    } catch (IOException | IllegalArgumentException | DateTimeException e) {
      return true;
    }
  }

  private ConfigException wrong(String what) {
    return new ConfigException(where() + " " + what);
  }

  private String where() {
    return user.file() + ": user '" + name + "'";
  }
}
