package alert_test

import (
	"bufio"
	"fmt"
	"io"
	"mime"
	"mime/quotedprintable"
	"net"
	"net/mail"
	"net/textproto"
	"strings"
	"sync"
	"testing"
	"time"

	"entente/pipeline/alert"
)

// mailServer is an SMTP server that answers RCPT with the next of its replies, and 250 after the last.
type mailServer struct {
	address string
	replies []string

	mu       sync.Mutex
	commands []string
	letters  []string
}

func newMailServer(t *testing.T, replies ...string) *mailServer {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s := &mailServer{address: l.Addr().String(), replies: replies}
	var done sync.WaitGroup
	done.Go(func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			done.Go(func() {
				defer c.Close()
				s.talk(textproto.NewConn(c))
			})
		}
	})
	t.Cleanup(func() { l.Close(); done.Wait() })
	return s
}

func (s *mailServer) talk(c *textproto.Conn) {
	say := func(line string) { _ = c.PrintfLine("%s", line) }
	say("220 mail.example.org")
	for {
		line, err := c.ReadLine()
		if err != nil {
			return
		}
		s.mu.Lock()
		s.commands = append(s.commands, line)
		s.mu.Unlock()
		switch verb, _, _ := strings.Cut(line, " "); verb {
		case "EHLO":
			say("250-mail.example.org")
			say("250 AUTH PLAIN")
		case "AUTH":
			say("235 ok")
		case "RCPT":
			s.mu.Lock()
			reply := "250 ok"
			if len(s.replies) > 0 {
				reply, s.replies = s.replies[0], s.replies[1:]
			}
			s.mu.Unlock()
			say(reply)
		case "DATA":
			say("354 go on")
			letter, err := io.ReadAll(bufio.NewReader(c.DotReader()))
			if err != nil {
				return
			}
			s.mu.Lock()
			s.letters = append(s.letters, string(letter))
			s.mu.Unlock()
			say("250 taken")
		case "QUIT":
			say("221 bye")
			return
		default:
			say("250 ok")
		}
	}
}

func (s *mailServer) mail(t *testing.T, to string) *alert.Mail {
	t.Helper()
	m, err := alert.NewMail("email", fmt.Sprintf("smtp://me:pass-word@%s", s.address), "entente <entente@example.org>", to, time.Millisecond)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func TestMail(t *testing.T) {
	s := newMailServer(t, "451 later")
	e := event(alert.Failed)
	e.Title = "entente: Élan failed\r\nBcc: thief@example.org"
	e.Text = "line 1\nline 2: = and a very long line " + strings.Repeat("x", 200)
	if err := s.mail(t, "Ops <ops@example.org>, boss@example.org").Send(t.Context(), e); err != nil {
		t.Fatal(err)
	}
	if len(s.letters) != 1 {
		t.Fatalf("%d letters arrived", len(s.letters))
	}
	letter, err := mail.ReadMessage(strings.NewReader(s.letters[0]))
	if err != nil {
		t.Fatal(err)
	}
	subject, err := new(mime.WordDecoder).DecodeHeader(letter.Header.Get("Subject"))
	if err != nil || subject != "entente: Élan failed Bcc: thief@example.org" {
		t.Errorf("subject %q, %v", subject, err)
	}
	if letter.Header.Get("Bcc") != "" || letter.Header.Get("To") != `"Ops" <ops@example.org>, <boss@example.org>` || letter.Header.Get("Auto-Submitted") == "" {
		t.Errorf("headers: %v", letter.Header)
	}
	body, err := io.ReadAll(quotedprintable.NewReader(letter.Body))
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"job: voeten\n", "run: voeten-20261126T041500Z\n", "where: host /data\n", strings.Repeat("x", 200)} {
		if !strings.Contains(strings.ReplaceAll(string(body), "\r\n", "\n"), want) {
			t.Errorf("the letter lacks %q:\n%s", want, body)
		}
	}
	all := strings.Join(s.commands, "\n")
	if strings.Count(all, "RCPT TO:<ops@example.org>") != 2 || strings.Count(all, "RCPT TO:<boss@example.org>") != 1 || strings.Count(all, "AUTH PLAIN") != 2 {
		t.Errorf("a passing refusal was not tried again:\n%s", all)
	}
}

func TestMailFails(t *testing.T) {
	s := newMailServer(t, "550 no such mailbox")
	err := s.mail(t, "nobody@example.org").Send(t.Context(), event(alert.Failed))
	if err == nil || !strings.Contains(err.Error(), "no such mailbox") || strings.Contains(err.Error(), "attempts") {
		t.Errorf("a refusal for good: %v", err)
	}
	s = newMailServer(t, "451 later", "451 later", "451 later", "451 later", "451 later")
	err = s.mail(t, "ops@example.org").Send(t.Context(), event(alert.Failed))
	if err == nil || !strings.Contains(err.Error(), "in 4 attempts: 451") {
		t.Errorf("four passing refusals: %v", err)
	}
	if err := s.mail(t, "ops@example.org").Send(t.Context(), event(alert.Succeeded)); err != nil {
		t.Errorf("a success is no letter: %v", err)
	}
	for _, c := range [][3]string{
		{"mail.example.org", "a@example.org", "b@example.org"}, {"http://mail.example.org", "a@example.org", "b@example.org"},
		{"smtp://mail.example.org", "nobody", "b@example.org"}, {"smtp://mail.example.org", "a@example.org", ""},
		{"smtp://me:s3cret@[", "a@example.org", "b@example.org"},
	} {
		if _, err := alert.NewMail("email", c[0], c[1], c[2], 0); err == nil || strings.Contains(err.Error(), "s3cret") {
			t.Errorf("%v: %v", c, err)
		}
	}
}
