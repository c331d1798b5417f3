package alert

import (
	"bytes"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"mime"
	"mime/quotedprintable"
	"net"
	"net/mail"
	"net/smtp"
	"net/textproto"
	"net/url"
	"strings"
	"time"
)

const (
	mailAttempts = 4
	talkWait     = 30 * time.Second // for one conversation with the server
)

// Mail sends events as e-mail.
type Mail struct {
	As     string   // name of the target
	Server *url.URL // secret: smtp://user:password@host:587 or smtps://user:password@host:465
	From   *mail.Address
	To     []*mail.Address
	Wait   time.Duration // before the second attempt; doubled before each next
	TLS    *tls.Config   // nil for the system's
}

// NewMail checks an SMTP server's address, a sender and recipients separated by commas.
func NewMail(as, server, from, to string, wait time.Duration) (*Mail, error) {
	u, err := url.Parse(server)
	if err != nil || u.Hostname() == "" || u.Scheme != "smtp" && u.Scheme != "smtps" {
		return nil, errors.New("the server is not an address like smtp://user:password@mail.example.org:587, or smtps://…")
	}
	m := &Mail{As: as, Server: u, Wait: wait}
	if m.From, err = mail.ParseAddress(from); err != nil {
		return nil, fmt.Errorf("sender %q: %w", from, err)
	}
	if m.To, err = mail.ParseAddressList(to); err != nil {
		return nil, fmt.Errorf("recipients %q: %w", to, err)
	}
	return m, nil
}

// Name implements Target.
func (m *Mail) Name() string { return m.As }

// Send implements Target.
func (m *Mail) Send(ctx context.Context, e Event) error {
	if colors[e.Kind] == "" {
		return nil
	}
	text, err := m.compose(e)
	if err != nil {
		return fmt.Errorf("mail: %w", err)
	}
	err = again(ctx, mailAttempts, m.Wait, func() (bool, error) {
		err := m.deliver(ctx, text)
		var said *textproto.Error
		return errors.As(err, &said) && said.Code >= 500, err
	})
	if err != nil {
		return fmt.Errorf("mail: %w", err)
	}
	return nil
}

// compose writes a message in plain text.
func (m *Mail) compose(e Event) ([]byte, error) {
	var to []string
	for _, a := range m.To {
		to = append(to, a.String())
	}
	_, domain, _ := strings.Cut(m.From.Address, "@")
	var b bytes.Buffer
	header := func(name, value string) { fmt.Fprintf(&b, "%s: %s\r\n", name, value) }
	header("From", m.From.String())
	header("To", strings.Join(to, ", "))
	header("Subject", mime.QEncoding.Encode("utf-8", strings.Join(strings.Fields(e.Title), " ")))
	header("Date", e.At.Format(time.RFC1123Z))
	header("Message-ID", fmt.Sprintf("<%d.%s.%s@%s>", e.At.UnixNano(), e.Kind, strings.Trim(e.RunID, "."), domain))
	header("Auto-Submitted", "auto-generated")
	header("MIME-Version", "1.0")
	header("Content-Type", "text/plain; charset=utf-8")
	header("Content-Transfer-Encoding", "quoted-printable")
	b.WriteString("\r\n")
	body := quotedprintable.NewWriter(&b)
	lines := []string{e.Title, ""}
	for _, l := range []struct{ name, value string }{{"job", e.Job}, {"run", e.RunID}, {"where", e.Where}, {"time", e.At.UTC().Format(time.RFC3339)}} {
		if l.value != "" {
			lines = append(lines, l.name+": "+l.value)
		}
	}
	if e.Text != "" {
		lines = append(lines, "", e.Text)
	}
	_, err := body.Write([]byte(strings.Join(lines, "\r\n") + "\r\n"))
	return b.Bytes(), errors.Join(err, body.Close())
}

// deliver hands a message to the server. A password goes over an encrypted connection only, or to this machine.
func (m *Mail) deliver(ctx context.Context, text []byte) (err error) {
	ctx, cancel := context.WithTimeout(ctx, talkWait)
	defer cancel()
	c, err := m.dial(ctx)
	if err != nil {
		return err
	}
	defer c.Close() // after Quit it is closed, and before it an error is told already
	if password, ok := m.Server.User.Password(); ok {
		if err := c.Auth(smtp.PlainAuth("", m.Server.User.Username(), password, m.Server.Hostname())); err != nil {
			return err
		}
	}
	if err := c.Mail(m.From.Address); err != nil {
		return err
	}
	for _, a := range m.To {
		if err := c.Rcpt(a.Address); err != nil {
			return err
		}
	}
	w, err := c.Data()
	if err != nil {
		return err
	}
	if _, err := w.Write(text); err != nil {
		return err
	}
	if err := w.Close(); err != nil {
		return err
	}
	_ = c.Quit() // the message is accepted
	return nil
}

func (m *Mail) dial(ctx context.Context) (*smtp.Client, error) {
	host, port := m.Server.Hostname(), m.Server.Port()
	if port == "" {
		port = map[string]string{"smtp": "587", "smtps": "465"}[m.Server.Scheme]
	}
	conn, err := (&net.Dialer{}).DialContext(ctx, "tcp", net.JoinHostPort(host, port))
	if err != nil {
		return nil, err
	}
	if deadline, ok := ctx.Deadline(); ok {
		if err := conn.SetDeadline(deadline); err != nil {
			return nil, errors.Join(err, conn.Close())
		}
	}
	config := m.TLS.Clone()
	if config == nil {
		config = &tls.Config{MinVersion: tls.VersionTLS12}
	}
	if config.ServerName == "" {
		config.ServerName = host
	}
	if m.Server.Scheme == "smtps" {
		conn = tls.Client(conn, config)
	}
	c, err := smtp.NewClient(conn, host)
	if err != nil {
		return nil, errors.Join(err, conn.Close())
	}
	if ok, _ := c.Extension("STARTTLS"); ok && m.Server.Scheme == "smtp" {
		if err := c.StartTLS(config); err != nil {
			return nil, errors.Join(err, c.Close())
		}
	}
	return c, nil
}
