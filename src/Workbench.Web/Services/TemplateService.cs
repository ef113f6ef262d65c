using Microsoft.EntityFrameworkCore;
using Workbench.Language.Chat.Presets;
using Workbench.Web.Persistence;
using Workbench.Web.Persistence.Entities;

namespace Workbench.Web.Services;

/// <summary>Chat templates: the presets and the user's own.</summary>
public sealed class TemplateService(IDbContextFactory<WorkbenchDbContext> database, TimeProvider clock)
{
    /// <summary>Longest template stored, in characters; the longest in the wild have about 20,000.</summary>
    public const int MaxLength = 1_000_000;

    /// <summary>Versions kept of a template; the oldest go first.</summary>
    public const int MaxVersions = 100;

    /// <summary>The templates that come with the application.</summary>
    public IReadOnlyList<ChatPreset> Presets => ChatPresets.All;

    /// <summary>Saved templates by name.</summary>
    public async Task<IReadOnlyList<TemplateEntry>> ListAsync(CancellationToken cancellationToken = default)
    {
        await using var context = await database.CreateDbContextAsync(cancellationToken);
        return await context.Templates.AsNoTracking().OrderBy(template => template.Name).ToListAsync(cancellationToken);
    }

    /// <exception cref="UserInputException">There is no such template.</exception>
    public async Task<TemplateEntry> GetAsync(string id, CancellationToken cancellationToken = default)
    {
        await using var context = await database.CreateDbContextAsync(cancellationToken);
        return await context.Templates.AsNoTracking().SingleOrDefaultAsync(template => template.Id == id, cancellationToken)
            ?? throw UserInputException.Missing("template", id);
    }

    /// <summary>Saves under a name; an existing template of that name gets the new text and keeps the old
    /// as a version. A template with errors may be saved: it is work in progress.</summary>
    /// <exception cref="UserInputException">The name is empty or the text too long.</exception>
    public async Task<TemplateEntry> SaveAsync(string name, string text, CancellationToken cancellationToken = default)
    {
        name = name.Trim();
        if (name.Length is 0 or > 200)
        {
            throw new UserInputException("A template needs a name of 1 to 200 characters.", "Give it a name.", "name");
        }

        if (text.Length > MaxLength)
        {
            throw new UserInputException($"The template has {text.Length:N0} characters.", $"Keep it below {MaxLength:N0}.", "text");
        }

        await using var context = await database.CreateDbContextAsync(cancellationToken);
        var now = clock.GetUtcNow();
        var template = await context.Templates.SingleOrDefaultAsync(entry => entry.Name == name, cancellationToken);
        if (template is null)
        {
            template = new TemplateEntry { Id = ShortId.New(), Name = name, Text = text, CreatedAt = now, UpdatedAt = now };
            context.Templates.Add(template);
        }
        else
        {
            template.Text = text;
            template.UpdatedAt = now;
        }

        await AddVersionAsync(context, template, now, cancellationToken);
        await context.SaveChangesAsync(cancellationToken);
        return template;
    }

    /// <summary>What the template was, the newest first.</summary>
    public async Task<IReadOnlyList<TemplateVersion>> VersionsAsync(string id, CancellationToken cancellationToken = default)
    {
        await using var context = await database.CreateDbContextAsync(cancellationToken);
        return await context.TemplateVersions.AsNoTracking().Where(version => version.TemplateId == id)
            .OrderByDescending(version => version.Number).ToListAsync(cancellationToken);
    }

    private static async Task AddVersionAsync(WorkbenchDbContext context, TemplateEntry template, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var versions = context.TemplateVersions.Where(version => version.TemplateId == template.Id);
        var last = await versions.OrderByDescending(version => version.Number).FirstOrDefaultAsync(cancellationToken);
        if (last?.Text == template.Text)
        {
            return; // saving twice is no new version
        }

        var number = (last?.Number ?? 0) + 1;
        context.TemplateVersions.Add(new TemplateVersion { TemplateId = template.Id, Number = number, Text = template.Text, SavedAt = now });
        context.TemplateVersions.RemoveRange(await versions.Where(version => version.Number <= number - MaxVersions).ToListAsync(cancellationToken));
    }

    /// <exception cref="UserInputException">There is no such template.</exception>
    public async Task DeleteAsync(string id, CancellationToken cancellationToken = default)
    {
        await using var context = await database.CreateDbContextAsync(cancellationToken);
        if (await context.Templates.Where(template => template.Id == id).ExecuteDeleteAsync(cancellationToken) == 0)
        {
            throw UserInputException.Missing("template", id);
        }
    }
}
