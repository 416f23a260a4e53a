import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import javax.sip.ClientTransaction;
import javax.sip.Dialog;
import javax.sip.DialogTerminatedEvent;
import javax.sip.IOExceptionEvent;
import javax.sip.ListeningPoint;
import javax.sip.RequestEvent;
import javax.sip.ResponseEvent;
import javax.sip.ServerTransaction;
import javax.sip.SipFactory;
import javax.sip.SipListener;
import javax.sip.SipProvider;
import javax.sip.SipStack;
import javax.sip.TimeoutEvent;
import javax.sip.TransactionTerminatedEvent;
import javax.sip.address.Address;
import javax.sip.address.AddressFactory;
import javax.sip.address.SipURI;
import javax.sip.header.CSeqHeader;
import javax.sip.header.ContentTypeHeader;
import javax.sip.header.FromHeader;
import javax.sip.header.HeaderFactory;
import javax.sip.header.SubscriptionStateHeader;
import javax.sip.header.ToHeader;
import javax.sip.header.ViaHeader;
import javax.sip.message.MessageFactory;
import javax.sip.message.Request;
import javax.sip.message.Response;

/**
 * A user agent on JAIN SIP, told what to do by lines of standard input. It writes a line for each
 * message that it gets: `> METHOD` a request, `< STATUS METHOD` a response, `! …` what went wrong.
 *
 * <p>Usage: Peer PORT. Commands: `send METHOD URI [HEADER: VALUE|…]`, `again METHOD` in the dialog,
 * `cancel`, `body TEXT` for what is sent next, `final STATUS` for the INVITE that rings,
 * `refuse STATUS` for those to come, `notify STATE`.
 */
public final class Peer implements SipListener {
  private static final String HOST = "127.0.0.1";

  private final int port;
  private final SipProvider provider;
  private final AddressFactory addresses;
  private final HeaderFactory headers;
  private final MessageFactory messages;

  private String body = "";
  private int refusal = 0;
  private long callNumber = System.nanoTime();
  private Dialog dialog;
  private ClientTransaction invitation;
  private ServerTransaction ringing;

  private Peer(int port) throws Exception {
    this.port = port;
    Properties properties = new Properties();
    properties.setProperty("javax.sip.STACK_NAME", "peer");
    properties.setProperty("gov.nist.javax.sip.TRACE_LEVEL", "0");
    // Else each datagram has a thread of its own, and what came second may be taken first.
    properties.setProperty("gov.nist.javax.sip.THREAD_POOL_SIZE", "1");
    SipFactory factory = SipFactory.getInstance();
    SipStack stack = factory.createSipStack(properties);
    addresses = factory.createAddressFactory();
    headers = factory.createHeaderFactory();
    messages = factory.createMessageFactory();
    provider = stack.createSipProvider(stack.createListeningPoint(HOST, port, "udp"));
    provider.addListeningPoint(stack.createListeningPoint(HOST, port, "tcp"));
    provider.addSipListener(this);
  }

  public static void main(String[] arguments) throws Exception {
    Peer peer = new Peer(Integer.parseInt(arguments[0]));
    say("ready");
    BufferedReader lines = new BufferedReader(new InputStreamReader(System.in));
    for (String line = lines.readLine(); line != null; line = lines.readLine()) {
      try {
        peer.command(line.split(" ", 2)[0], line.contains(" ") ? line.split(" ", 2)[1] : "");
      } catch (Exception error) {
        say("! " + line + ": " + error);
      }
    }
    System.exit(0);
  }

  private static synchronized void say(String line) {
    System.out.println(line);
    System.out.flush();
  }

  private void command(String verb, String rest) throws Exception {
    switch (verb) {
      case "send" -> send(rest.split(" ", 3));
      case "again" -> again(rest);
      case "cancel" -> {
        provider.getNewClientTransaction(invitation.createCancel()).sendRequest();
      }
      case "body" -> body = rest;
      case "final" -> answer(ringing, Integer.parseInt(rest));
      case "refuse" -> refusal = Integer.parseInt(rest);
      case "notify" -> inform(rest);
      default -> say("! there is no command " + verb);
    }
  }

  // What we send.

  private void send(String[] words) throws Exception {
    String method = words[0];
    SipURI target = (SipURI) addresses.createURI(words[1]);
    Address us = addresses.createAddress("sip:jain@" + HOST);
    // A registration is of the one who makes it.
    Address them = method.equals(Request.REGISTER) ? us : addresses.createAddress(target);
    String transport = target.getTransportParam() == null ? "udp" : target.getTransportParam();
    List<ViaHeader> vias = new ArrayList<>();
    vias.add(headers.createViaHeader(HOST, port, transport, null));
    FromHeader from = headers.createFromHeader(us, Long.toHexString(++callNumber));
    Request request =
        messages.createRequest(
            target,
            method,
            provider.getNewCallId(),
            headers.createCSeqHeader(1L, method),
            from,
            headers.createToHeader(them, null),
            vias,
            headers.createMaxForwardsHeader(70));
    request.addHeader(headers.createContactHeader(contact(transport)));
    if (words.length > 2) {
      for (String field : words[2].split("\\|")) {
        String[] parts = field.split(": ", 2);
        request.addHeader(headers.createHeader(parts[0], parts[1]));
      }
    }
    fill(request);
    ClientTransaction transaction = provider.getNewClientTransaction(request);
    if (method.equals(Request.INVITE)) {
      invitation = transaction;
    }
    transaction.sendRequest();
    if (transaction.getDialog() != null) {
      dialog = transaction.getDialog();
    }
  }

  private void again(String method) throws Exception {
    Request request = dialog.createRequest(method);
    request.setHeader(headers.createContactHeader(contact(transportOf(request))));
    fill(request);
    ClientTransaction transaction = provider.getNewClientTransaction(request);
    if (method.equals(Request.INVITE)) {
      invitation = transaction;
    }
    dialog.sendRequest(transaction);
  }

  private void inform(String state) throws Exception {
    Request request = dialog.createRequest(Request.NOTIFY);
    SubscriptionStateHeader subscription = headers.createSubscriptionStateHeader(state);
    if (state.equals("terminated")) {
      subscription.setReasonCode("noresource");
    } else {
      subscription.setExpires(600);
    }
    request.setHeader(subscription);
    request.setHeader(headers.createEventHeader("presence"));
    request.setHeader(headers.createContactHeader(contact(transportOf(request))));
    fill(request);
    dialog.sendRequest(provider.getNewClientTransaction(request));
  }

  private static String transportOf(Request request) {
    return ((ViaHeader) request.getHeader(ViaHeader.NAME)).getTransport().toLowerCase();
  }

  private Address contact(String transport) throws Exception {
    SipURI uri = addresses.createSipURI("jain", HOST);
    uri.setPort(port);
    uri.setTransportParam(transport);
    return addresses.createAddress(uri);
  }

  private void fill(Request request) throws Exception {
    if (body.isEmpty()) {
      return;
    }
    String[] type =
        switch (request.getMethod()) {
          case Request.INVITE, Request.UPDATE -> new String[] {"application", "sdp"};
          case Request.NOTIFY, Request.PUBLISH -> new String[] {"application", "pidf+xml"};
          default -> new String[] {"text", "plain"};
        };
    ContentTypeHeader content = headers.createContentTypeHeader(type[0], type[1]);
    request.setContent(body.replace("\\n", "\r\n"), content);
    body = "";
  }

  // What we are sent.

  @Override
  public void processRequest(RequestEvent event) {
    Request request = event.getRequest();
    try {
      take(event, request);
      byte[] content = request.getRawContent();
      say("> " + request.getMethod() + (content == null ? "" : " " + new String(content)));
    } catch (Exception error) {
      say("! " + request.getMethod() + ": " + error);
    }
  }

  private void take(RequestEvent event, Request request) throws Exception {
    ServerTransaction transaction = event.getServerTransaction();
    String method = request.getMethod();
    if (method.equals(Request.ACK)) {
      return;
    }
    if (transaction == null) {
      transaction = provider.getNewServerTransaction(request);
    }
    switch (method) {
      case Request.INVITE -> {
        boolean again = transaction.getDialog() != null && transaction.getDialog() == dialog;
        dialog = transaction.getDialog();
        ringing = transaction;
        if (again) {
          answer(transaction, Response.OK);
        } else if (refusal != 0) {
          answer(transaction, refusal);
        } else {
          answer(transaction, Response.RINGING);
        }
      }
      case Request.CANCEL -> {
        answer(transaction, Response.OK);
        answer(ringing, Response.REQUEST_TERMINATED);
      }
      case Request.SUBSCRIBE -> {
        dialog = transaction.getDialog();
        answer(transaction, Response.OK);
      }
      default -> answer(transaction, Response.OK);
    }
  }

  private void answer(ServerTransaction transaction, int status) throws Exception {
    Request request = transaction.getRequest();
    Response response = messages.createResponse(status, request);
    ToHeader to = (ToHeader) response.getHeader(ToHeader.NAME);
    if (to.getTag() == null) {
      to.setTag(Long.toHexString(((Object) transaction).hashCode() & 0xffffffffL));
    }
    String method = request.getMethod();
    if (method.equals(Request.INVITE) || method.equals(Request.SUBSCRIBE)) {
      response.setHeader(headers.createContactHeader(contact(transportOf(request))));
    }
    if (method.equals(Request.SUBSCRIBE) && status / 100 == 2) {
      response.setHeader(headers.createExpiresHeader(600));
    }
    if (method.equals(Request.INVITE) && status / 100 == 2 && request.getRawContent() != null) {
      // The same session back: an answer of the same streams in the same order.
      response.setContent(
          request.getRawContent(), headers.createContentTypeHeader("application", "sdp"));
    }
    transaction.sendResponse(response);
  }

  @Override
  public void processResponse(ResponseEvent event) {
    Response response = event.getResponse();
    CSeqHeader cseq = (CSeqHeader) response.getHeader(CSeqHeader.NAME);
    try {
      boolean success = response.getStatusCode() / 100 == 2;
      if (success && cseq.getMethod().equals(Request.INVITE)) {
        dialog = event.getDialog();
        dialog.sendAck(dialog.createAck(cseq.getSeqNumber()));
      }
      say("< " + response.getStatusCode() + " " + cseq.getMethod());
    } catch (Exception error) {
      say("! " + response.getStatusCode() + " " + cseq.getMethod() + ": " + error);
    }
  }

  @Override
  public void processTimeout(TimeoutEvent event) {
    say("! timed out");
  }

  @Override
  public void processIOException(IOExceptionEvent event) {
    say("! no transport to " + event.getHost() + ":" + event.getPort());
  }

  @Override
  public void processTransactionTerminated(TransactionTerminatedEvent event) {}

  @Override
  public void processDialogTerminated(DialogTerminatedEvent event) {
    say("dialog ended");
  }
}
