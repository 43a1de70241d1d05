//go:build !cgo

package tray

import (
	"context"
	"runtime"
	"sync"

	"github.com/ebitengine/purego"
	"github.com/ebitengine/purego/objc"
)

// The library needs cgo on macOS. This is a status item without it, for builds
// from other systems: everything goes through the Objective-C runtime.

func init() { runtime.LockOSThread() } // AppKit wants the main thread

// Run shows the tray until ctx ends, and then ends the process: AppKit never
// gives the main goroutine back, by which it must be called.
func Run(ctx context.Context, o Options, host Host, states <-chan State) error {
	c, err := newCocoa()
	if err != nil {
		return err
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	mail := newMail(host, o.Slog)
	l := &loop{ctx: ctx, todo: make(chan func()), log: o.Slog, fault: mail.fault}
	m := &menu{surface: c, loop: l, host: host}
	go func() {
		m.build()
		l.run(m, states, func() bool { return true }, make(chan struct{}))
	}()
	go mail.run(ctx, o.Notices)
	stop := context.AfterFunc(ctx, func() {
		c.main(func() { c.app.Send(selector("terminate:"), objc.ID(0)) })
	})
	defer stop()
	c.app.Send(selector("run"))
	return nil
}

func selector(name string) objc.SEL { return objc.RegisterName(name) }

func class(name string) objc.ID { return objc.ID(objc.GetClass(name)) }

func nsString(s string) objc.ID {
	return class("NSString").Send(selector("stringWithUTF8String:"), s+"\x00")
}

// cocoa is the surface of a status item. Its entries are changed on the main
// thread only, in the order in which that was asked for.
type cocoa struct {
	app, button, top, target objc.ID

	mu     sync.Mutex
	todo   []func()
	next   int
	clicks map[int]func() // by the tag of the entry
}

func newCocoa() (*cocoa, error) {
	for _, name := range []string{"Foundation", "AppKit"} {
		if _, err := purego.Dlopen("/System/Library/Frameworks/"+name+".framework/"+name, purego.RTLD_GLOBAL|purego.RTLD_LAZY); err != nil {
			return nil, err
		}
	}
	c := &cocoa{clicks: map[int]func(){}}
	made, err := objc.RegisterClass("HermesTrayTarget", objc.GetClass("NSObject"), nil, nil, []objc.MethodDef{
		{Cmd: selector("clicked:"), Fn: func(_ objc.ID, _ objc.SEL, sender objc.ID) { c.clicked(objc.Send[int](sender, selector("tag"))) }},
		{Cmd: selector("drain:"), Fn: func(objc.ID, objc.SEL, objc.ID) { c.drain() }},
	})
	if err != nil {
		return nil, err
	}
	c.target = objc.ID(made).Send(selector("new"))
	c.app = class("NSApplication").Send(selector("sharedApplication"))
	c.app.Send(selector("setActivationPolicy:"), 1) // an accessory: nothing in the Dock
	status := class("NSStatusBar").Send(selector("systemStatusBar")).Send(selector("statusItemWithLength:"), -1.0)
	status.Send(selector("retain"))
	c.button = status.Send(selector("button"))
	c.top = newNSMenu()
	status.Send(selector("setMenu:"), c.top)
	return c, nil
}

func newNSMenu() objc.ID {
	m := class("NSMenu").Send(selector("new"))
	m.Send(selector("setAutoenablesItems:"), false)
	return m
}

// main runs something on the main thread, soon.
func (c *cocoa) main(do func()) {
	c.mu.Lock()
	c.todo = append(c.todo, do)
	c.mu.Unlock()
	c.target.Send(selector("performSelectorOnMainThread:withObject:waitUntilDone:"), selector("drain:"), objc.ID(0), false)
}

func (c *cocoa) drain() {
	c.mu.Lock()
	todo := c.todo
	c.todo = nil
	c.mu.Unlock()
	for _, do := range todo {
		do()
	}
}

func (c *cocoa) clicked(tag int) {
	c.mu.Lock()
	click := c.clicks[tag]
	c.mu.Unlock()
	if click != nil {
		go click() // the main thread must not wait
	}
}

// size is an NSSize.
type size struct{ Width, Height float64 }

func (c *cocoa) icon(picture []byte) {
	c.main(func() {
		data := class("NSData").Send(selector("dataWithBytes:length:"), &picture[0], uint(len(picture)))
		image := class("NSImage").Send(selector("alloc")).Send(selector("initWithData:"), data)
		image.Send(selector("setSize:"), size{16, 16})
		image.Send(selector("setTemplate:"), true)
		c.button.Send(selector("setImage:"), image)
		image.Send(selector("release"))
	})
}

func (c *cocoa) tooltip(text string) {
	c.main(func() { c.button.Send(selector("setToolTip:"), nsString(text)) })
}

// submenu does nothing: menuOf makes one when it is needed.
func (*cocoa) submenu(item) {}

func (c *cocoa) separator(parent item) {
	c.main(func() {
		c.menuOf(parent).Send(selector("addItem:"), class("NSMenuItem").Send(selector("separatorItem")))
	})
}

// menuOf returns the menu below an entry, which gets one if it has none.
func (c *cocoa) menuOf(parent item) objc.ID {
	p, ok := parent.(*cocoaItem)
	if !ok {
		return c.top
	}
	if p.sub == 0 {
		p.sub = newNSMenu()
		p.id.Send(selector("setSubmenu:"), p.sub)
	}
	return p.sub
}

func (c *cocoa) add(parent item, label string, _ bool, click func()) item {
	i := &cocoaItem{c: c}
	c.mu.Lock()
	c.next++
	i.tag = c.next
	if click != nil {
		c.clicks[i.tag] = click
	}
	c.mu.Unlock()
	c.main(func() {
		i.id = class("NSMenuItem").Send(selector("alloc")).
			Send(selector("initWithTitle:action:keyEquivalent:"), nsString(label), selector("clicked:"), nsString(""))
		i.id.Send(selector("setTag:"), i.tag)
		i.id.Send(selector("setTarget:"), c.target)
		i.id.Send(selector("setEnabled:"), true)
		i.in = c.menuOf(parent)
		i.in.Send(selector("addItem:"), i.id)
	})
	return i
}

// cocoaItem is an entry. Its ids are for the main thread alone.
type cocoaItem struct {
	c           *cocoa
	tag         int
	id, in, sub objc.ID
}

func (i *cocoaItem) title(label string) {
	i.c.main(func() { i.id.Send(selector("setTitle:"), nsString(label)) })
}

func (i *cocoaItem) enable(yes bool) { i.c.main(func() { i.id.Send(selector("setEnabled:"), yes) }) }
func (i *cocoaItem) show(yes bool)   { i.c.main(func() { i.id.Send(selector("setHidden:"), !yes) }) }

func (i *cocoaItem) check(yes bool) {
	state := 0
	if yes {
		state = 1
	}
	i.c.main(func() { i.id.Send(selector("setState:"), state) })
}

func (i *cocoaItem) remove() {
	i.c.mu.Lock()
	delete(i.c.clicks, i.tag)
	i.c.mu.Unlock()
	i.c.main(func() {
		i.in.Send(selector("removeItem:"), i.id)
		i.id.Send(selector("release"))
	})
}
