package org.spiredoctor.kube.config;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.function.BiFunction;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;

/**
 * Asks for the server by one name, whatever name the HTTP client sets; hands on everything else.
 * The real engine was made for that name, so that the certificate is checked against it.
 */
final class NamedSslEngine extends SSLEngine {
  private final SSLEngine real;
  private final String name;

  NamedSslEngine(SSLEngine real, String name) {
    super(name, real.getPeerPort());
    this.real = real;
    this.name = name;
  }

  @Override
  public void setSSLParameters(SSLParameters parameters) {
    // No names for an address: then none is asked for, as Go does.
    boolean address = name.contains(":") || name.matches("\\d+(\\.\\d+){3}");
    parameters.setServerNames(address ? List.of() : List.of(new SNIHostName(name)));
    real.setSSLParameters(parameters);
  }

  @Override
  public SSLParameters getSSLParameters() {
    return real.getSSLParameters();
  }

  @Override
  public SSLEngineResult wrap(ByteBuffer[] from, int offset, int length, ByteBuffer into)
      throws SSLException {
    return real.wrap(from, offset, length, into);
  }

  @Override
  public SSLEngineResult unwrap(ByteBuffer from, ByteBuffer[] into, int offset, int length)
      throws SSLException {
    return real.unwrap(from, into, offset, length);
  }

  @Override
  public @Nullable Runnable getDelegatedTask() {
    return real.getDelegatedTask();
  }

  @Override
  public void closeInbound() throws SSLException {
    real.closeInbound();
  }

  @Override
  public boolean isInboundDone() {
    return real.isInboundDone();
  }

  @Override
  public void closeOutbound() {
    real.closeOutbound();
  }

  @Override
  public boolean isOutboundDone() {
    return real.isOutboundDone();
  }

  @Override
  public String[] getSupportedCipherSuites() {
    return real.getSupportedCipherSuites();
  }

  @Override
  public String[] getEnabledCipherSuites() {
    return real.getEnabledCipherSuites();
  }

  @Override
  public void setEnabledCipherSuites(String[] suites) {
    real.setEnabledCipherSuites(suites);
  }

  @Override
  public String[] getSupportedProtocols() {
    return real.getSupportedProtocols();
  }

  @Override
  public String[] getEnabledProtocols() {
    return real.getEnabledProtocols();
  }

  @Override
  public void setEnabledProtocols(String[] protocols) {
    real.setEnabledProtocols(protocols);
  }

  @Override
  public SSLSession getSession() {
    return real.getSession();
  }

  @Override
  public @Nullable SSLSession getHandshakeSession() {
    return real.getHandshakeSession();
  }

  @Override
  public void beginHandshake() throws SSLException {
    real.beginHandshake();
  }

  @Override
  public SSLEngineResult.HandshakeStatus getHandshakeStatus() {
    return real.getHandshakeStatus();
  }

  @Override
  public void setUseClientMode(boolean client) {
    real.setUseClientMode(client);
  }

  @Override
  public boolean getUseClientMode() {
    return real.getUseClientMode();
  }

  @Override
  public void setNeedClientAuth(boolean need) {
    real.setNeedClientAuth(need);
  }

  @Override
  public boolean getNeedClientAuth() {
    return real.getNeedClientAuth();
  }

  @Override
  public void setWantClientAuth(boolean want) {
    real.setWantClientAuth(want);
  }

  @Override
  public boolean getWantClientAuth() {
    return real.getWantClientAuth();
  }

  @Override
  public void setEnableSessionCreation(boolean enable) {
    real.setEnableSessionCreation(enable);
  }

  @Override
  public boolean getEnableSessionCreation() {
    return real.getEnableSessionCreation();
  }

  @Override
  public String getApplicationProtocol() {
    return real.getApplicationProtocol();
  }

  @Override
  public String getHandshakeApplicationProtocol() {
    return real.getHandshakeApplicationProtocol();
  }

  @Override
  public void setHandshakeApplicationProtocolSelector(
      BiFunction<SSLEngine, List<String>, String> selector) {
    real.setHandshakeApplicationProtocolSelector(selector);
  }

  @Override
  public @Nullable BiFunction<SSLEngine, List<String>, String>
      getHandshakeApplicationProtocolSelector() {
    return real.getHandshakeApplicationProtocolSelector();
  }
}
