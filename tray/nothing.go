package tray

// nothing is an item that is nowhere: of what is chosen outside the menu.
type nothing struct{}

func (nothing) title(string) {}
func (nothing) enable(bool)  {}
func (nothing) check(bool)   {}
func (nothing) show(bool)    {}
func (nothing) remove()      {}
