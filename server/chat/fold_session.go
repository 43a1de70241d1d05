package chat

import "slices"

// FoldSession applies an event to the row of its session: the one rule behind
// lists, on the server and in the page. e must be newer than what s covers.
// SessionPurged leaves s as it is: the caller drops the row.
func FoldSession(s *Session, e Event) {
	switch b := e.Body.(type) {
	case SessionCreated:
		*s = Session{
			ID: e.Session, Title: b.Title, Agent: b.Agent, Workspace: b.Workspace, Model: b.Model,
			Effort: b.Effort, Profile: b.Profile, Tags: []string{}, Stored: []string{}, CreatedAt: e.At, UpdatedAt: e.At,
		}
		if b.Title != "" {
			s.TitleBy = TitlePerson
		}
	case SessionFound:
		*s = Session{
			ID: e.Session, Foreign: Kept, Source: b.Source, Title: b.Title, Agent: b.Agent, Workspace: b.Workspace,
			Model: b.Model, Profile: b.Profile, Tags: []string{}, Stored: list(b.Stored), CreatedAt: b.CreatedAt,
			UpdatedAt: b.UpdatedAt,
		}
		if b.Title != "" {
			s.TitleBy = TitleAgent
		}
	case SessionCaughtUp:
		head := b.Head
		s.Head, s.State = &head, Done
		if s.Foreign == Ours { // what is new may be unread; what was there before is not
			s.EndedSeq, s.UpdatedAt = e.Seq, e.At
		}
		s.Foreign = Ours
	case SessionChanged:
		change(s, b)
	case SessionForked:
		from := b.From
		s.ForkOf, s.Head = &from, &from.Turn
	case SessionStored:
		others := slices.DeleteFunc(slices.Clone(s.Stored), func(id string) bool { return id == b.ID })
		s.Stored = append(others, b.ID)
	case SessionTrashed:
		at := e.At
		s.TrashedAt = &at
	case SessionRestored:
		s.TrashedAt = nil
	case TurnQueued:
		s.Queued++
		s.UpdatedAt = e.At
	case TurnWithdrawn:
		s.Queued--
	case QueueChanged:
		s.Held = b.Held
	case TurnStarted:
		turn := e.Turn
		s.Queued--
		s.Live, s.Head, s.State = &turn, &turn, Running
		s.UpdatedAt = e.At
	case AskRaised:
		s.Asks++
		s.State = Waiting
		s.UpdatedAt = e.At
	case AskClosed:
		s.Asks--
		if s.Asks == 0 && s.Live != nil {
			s.State = Running
		}
	case TurnEnded:
		s.Live, s.Asks, s.State = nil, 0, b.State
		s.EndedSeq, s.UpdatedAt = e.Seq, e.At
	case HeadMoved:
		s.Head = b.Head
	case TurnEdited, TurnImported, TurnStored, Steered, PartOpened, TextAppended, OutputSkipped, ToolUpdated, PlanUpdated,
		SubagentUpdated, PartClosed, UsageReported, SessionPurged:
	default:
		panic("chat: body of unknown type")
	}
}

func change(s *Session, b SessionChanged) {
	if b.Title != nil {
		s.Title, s.TitleBy = *b.Title, TitlePerson
		if b.TitleBy != nil {
			s.TitleBy = *b.TitleBy
		}
	}
	set(&s.Agent, b.Agent)
	set(&s.Workspace, b.Workspace)
	set(&s.Model, b.Model)
	set(&s.Effort, b.Effort)
	set(&s.Profile, b.Profile)
	set(&s.Pinned, b.Pinned)
	set(&s.Archived, b.Archived)
	set(&s.Project, b.Project)
	if b.Tags != nil {
		s.Tags = list(*b.Tags)
	}
	if b.ReadSeq != nil {
		s.ReadSeq = max(s.ReadSeq, *b.ReadSeq)
	}
}

func set[T any](to *T, from *T) {
	if from != nil {
		*to = *from
	}
}
